package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver, of the same version as the engine's
)

// probeFiles looks into each database before the engine does: the engine refuses to start for one bad file and does not
// say which. An empty file (left by a kill in the first instant of a new database) is put aside.
func probeFiles(dir string) error {
	files, _ := filepath.Glob(filepath.Join(dir, "*.sqlite"))
	for _, file := range files {
		tables, err := readCatalogue(file)
		if err != nil {
			return fmt.Errorf("the database file %s is damaged (%v); restore it from a backup, "+
				"move it away to start without it, or start with a new folder", file, err)
		}
		if tables == 0 {
			if err := putAside(file); err != nil {
				return fmt.Errorf("the empty database file %s cannot be put aside: %w", file, err)
			}
		}
	}
	return nil
}

// readCatalogue reads what the engine reads at its start: the list of tables and the list of collections.
func readCatalogue(file string) (int, error) {
	db, err := openFile(file)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var tables int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	var collections int
	return tables, db.QueryRow(`SELECT count(*) FROM _ferretdb_collections`).Scan(&collections)
}

func putAside(file string) error {
	aside := file + time.Now().UTC().Format(".empty-20060102T150405")
	fmt.Fprintf(os.Stderr, "hawser-mongo: %s holds nothing; put aside as %s\n", filepath.Base(file), filepath.Base(aside))
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(file + suffix); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return os.Rename(file, aside)
}

// openFile opens one of the engine's files beside the engine. No pragma changes the file; busy_timeout only waits.
func openFile(file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}
