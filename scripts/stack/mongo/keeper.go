package main

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"time"
)

const (
	keepEvery   = 2 * time.Second
	maxLogBytes = 8 << 20
)

// keeper mends, beside the engine, what the engine neglects: an index that its look-ups by _id can use, and a log that
// is folded in. It works within the turn, so it never competes with a command, and keeps no file open between two
// steps: a handle that outlived a dropped database would fold its log into the next one of that name.
type keeper struct {
	folder *folder
	front  *front
	passed uint64 // commands that the front had passed at the last step
	failed chan error
}

func newKeeper(folder *folder, front *front) *keeper {
	return &keeper{folder: folder, front: front, failed: make(chan error, 1)}
}

func (k *keeper) run() {
	ticker := time.NewTicker(keepEvery)
	defer ticker.Stop()
	for {
		if k.folder.gone() {
			k.failed <- fmt.Errorf("the data folder %s has disappeared; leaving, because writes would be lost", k.folder.path)
			return
		}
		if passed := k.front.passed.Load(); passed != k.passed {
			k.passed = passed
			k.keep()
		}
		select {
		case <-k.front.stopped:
			return
		case <-ticker.C:
		}
	}
}

func (k *keeper) keep() {
	for _, file := range k.folder.databases() {
		select {
		case <-k.front.stopped: // whoever stops the front keeps the turn
			return
		case k.front.turn <- struct{}{}:
		}
		// Dropped while we waited: opening it would make a new, empty file.
		if _, err := os.Stat(file); err == nil {
			if err := keepFile(file); err != nil {
				fmt.Fprintf(os.Stderr, "hawser-mongo: upkeep of %s: %v\n", file, err)
			}
		}
		k.front.turn.giveBack()
	}
}

func keepFile(file string) error {
	db, err := openFile(file)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := index(db); err != nil {
		return err
	}
	if log, err := os.Stat(file + "-wal"); err != nil || log.Size() < maxLogBytes {
		return nil
	}
	// An open cursor may still read from the log: then fold in what can be had, at once. Waiting would hold up
	// everybody.
	if _, err := db.Exec(`PRAGMA busy_timeout = 50`); err != nil {
		return err
	}
	_, err = db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// index adds to each collection the index on the very expression that the engine's queries use; its own index is on
// another spelling, so that every look-up by _id would scan.
func index(db *sql.DB) error {
	tables, err := tablesWithoutIndex(db)
	if err != nil {
		return err
	}
	for _, table := range tables {
		name, on := quote("hawser_id_"+table), quote(table)
		if _, err := db.Exec(`CREATE INDEX IF NOT EXISTS ` + name + ` ON ` + on + ` (_ferretdb_sjson->'$._id')`); err != nil {
			return err
		}
	}
	return nil
}

func tablesWithoutIndex(db *sql.DB) ([]string, error) {
	rows, err := db.Query(`SELECT name FROM sqlite_master t WHERE type = 'table' AND name NOT LIKE '\_%' ESCAPE '\'
		AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND NOT EXISTS (SELECT 1 FROM sqlite_master i WHERE i.type = 'index' AND i.name = 'hawser_id_' || t.name)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	return tables, rows.Err()
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
