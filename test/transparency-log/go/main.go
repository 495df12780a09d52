// Reads a log with code that is not ours: golang.org/x/mod/sumdb (notes, trees, tiles) and filippo.io/torchwood (entries,
// cosignatures). read-log FOLDER: checkpoint, vkey, witness-seed, proofs.json and the log's tiles.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proofs struct {
	Inclusion []struct {
		Index  int64
		Size   int64
		Hashes []tlog.Hash
	}
	Consistency []struct {
		Older  int64
		Size   int64
		Hashes []tlog.Hash
	}
}

type report struct {
	Origin    string   `json:"origin"`
	Size      int64    `json:"size"`
	Root      string   `json:"root"`
	SignedBy  []string `json:"signedBy"`
	Entries   int64    `json:"entries"`
	Proofs    int      `json:"proofs"`
	Key       string   `json:"key"`
	Note      string   `json:"note"`
	Cosigned  string   `json:"cosigned"`
	Cosigner  string   `json:"cosigner"`
	Timestamp int64    `json:"timestamp"`
}

type folder string

func (f folder) Height() int { return torchwood.TileHeight }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		var err error
		if data[i], err = os.ReadFile(filepath.Join(string(f), torchwood.TilePath(tile))); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) text(name string) string {
	bytes, err := os.ReadFile(filepath.Join(string(f), name))
	must(err)
	return string(bytes)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func demand(holds bool, what string, of ...any) {
	if !holds {
		must(fmt.Errorf(what, of...))
	}
}

func main() {
	if len(os.Args) != 2 {
		must(errors.New("read-log FOLDER"))
	}
	files := folder(os.Args[1])

	witness, err := torchwood.NewCosignatureSigner("witness.invalid/11",
		ed25519.NewKeyFromSeed([]byte(files.text("witness-seed"))))
	must(err)
	key, err := note.NewVerifier(files.text("vkey"))
	must(err)
	signed, err := note.Open([]byte(files.text("checkpoint")), note.VerifierList(key, witness.Verifier()))
	must(err)
	checkpoint, err := torchwood.ParseCheckpoint(signed.Text)
	must(err)
	told := report{Origin: checkpoint.Origin, Size: checkpoint.N, Root: checkpoint.Hash.String()}
	bySelf := false
	for _, signature := range signed.Sigs {
		told.SignedBy = append(told.SignedBy, signature.Name)
		bySelf = bySelf || signature.Name == key.Name() && signature.Hash == key.KeyHash()
	}
	// note.Open is content with any of the keys.
	demand(bySelf, "the log has not signed with its key")

	hashes := tlog.TileHashReader(checkpoint.Tree, files)
	told.Entries = readEntries(files, checkpoint.Tree, hashes)
	told.Proofs = checkProofs(files, checkpoint.Tree, hashes)

	// The other way around: what they sign is verified by us.
	secret, public, err := note.GenerateKey(rand.Reader, checkpoint.Origin)
	must(err)
	signer, err := note.NewSigner(secret)
	must(err)
	ours, err := note.Sign(&note.Note{Text: signed.Text}, signer)
	must(err)
	cosigned, err := note.Sign(&note.Note{Text: signed.Text}, witness)
	must(err)
	again, err := note.Open(cosigned, note.VerifierList(witness.Verifier()))
	must(err)
	told.Timestamp, err = torchwood.CosignatureTimestamp(again.Sigs[0])
	must(err)
	told.Key, told.Note, told.Cosigned, told.Cosigner = public, string(ours), string(cosigned), witness.Verifier().String()
	must(json.NewEncoder(os.Stdout).Encode(told))
}

// Every entry of every bundle has the hash that the tree has in its place.
func readEntries(files folder, tree tlog.Tree, hashes tlog.HashReader) int64 {
	var index int64
	for index < tree.N {
		width := min(torchwood.TileWidth, tree.N-index)
		tile := tlog.Tile{H: torchwood.TileHeight, L: -1, N: index / torchwood.TileWidth, W: int(width)}
		bundle, err := files.ReadTiles([]tlog.Tile{tile})
		must(err)
		rest := bundle[0]
		leaves, places := []tlog.Hash{}, []int64{}
		for range width {
			var entry []byte
			entry, rest, err = torchwood.ReadTileEntry(rest)
			must(err)
			leaves, places = append(leaves, tlog.RecordHash(entry)), append(places, tlog.StoredHashIndex(0, index))
			index++
		}
		stored, err := hashes.ReadHashes(places)
		must(err)
		demand(same(stored, leaves), "an entry before %d has another hash", index)
		demand(len(rest) == 0, "%d bytes are left over", len(rest))
	}
	return index
}

// The proofs are those that this code makes of the tiles, and it believes them.
func checkProofs(files folder, tree tlog.Tree, hashes tlog.HashReader) int {
	var given proofs
	decoder := json.NewDecoder(bytes.NewReader([]byte(files.text("proofs.json"))))
	must(decoder.Decode(&given))
	rootOf := func(size int64) tlog.Hash {
		root, err := tlog.TreeHash(size, hashes)
		must(err)
		return root
	}
	for _, proof := range given.Inclusion {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, proof.Index)})
		must(err)
		must(tlog.CheckRecord(proof.Hashes, proof.Size, rootOf(proof.Size), proof.Index, leaf[0]))
		made, err := tlog.ProveRecord(proof.Size, proof.Index, hashes)
		must(err)
		demand(same(made, proof.Hashes), "another proof of entry %d in %d", proof.Index, proof.Size)
	}
	for _, proof := range given.Consistency {
		must(tlog.CheckTree(proof.Hashes, proof.Size, rootOf(proof.Size), proof.Older, rootOf(proof.Older)))
		made, err := tlog.ProveTree(proof.Size, proof.Older, hashes)
		must(err)
		demand(same(made, proof.Hashes), "another proof from %d to %d", proof.Older, proof.Size)
	}
	return len(given.Inclusion) + len(given.Consistency)
}

func same(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
