// Reads files of rules (.yml), and the expressions of dashboards (.json), as Prometheus does, and says what is wrong with them.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

var reader = parser.NewParser(parser.Options{})

func main() {
	faults := []error{}
	for _, file := range os.Args[1:] {
		if strings.HasSuffix(file, ".json") {
			faults = append(faults, ofDashboard(file)...)
		} else {
			_, found := rulefmt.ParseFile(file, false, model.UTF8Validation, reader, slog.New(slog.DiscardHandler))
			faults = append(faults, found...)
		}
	}
	for _, fault := range faults {
		fmt.Fprintln(os.Stderr, fault)
	}
	if len(faults) > 0 {
		os.Exit(1)
	}
}

func ofDashboard(file string) (faults []error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return []error{err}
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		return []error{fmt.Errorf("%s: %w", file, err)}
	}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			if _, err := reader.ParseExpr(target.Expr); err != nil {
				faults = append(faults, fmt.Errorf("%s: %s: %w", file, panel.Title, err))
			}
		}
	}
	return faults
}
