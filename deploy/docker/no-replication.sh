# Nobody replicates from this server; the image's own access file lets the machine itself do so.
sed -i '/^[^#]*[[:space:]]replication[[:space:]]/d' "$PGDATA/pg_hba.conf"
