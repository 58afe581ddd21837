package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// folder is the data folder, held by this process alone: two engines on the same files destroy each other's work.
type folder struct {
	path string
	info os.FileInfo
	lock *os.File
}

func openFolder(dir string) (*folder, error) {
	if dir == "" {
		return nil, errors.New("say which data folder to use: -dir FOLDER")
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	// The path becomes part of a URI and of a file pattern inside the engine, which takes these for itself.
	if i := strings.IndexAny(path, "%?#*[]\\"); i >= 0 {
		return nil, fmt.Errorf("the data folder %q contains %q, which the engine cannot read; choose another folder",
			path, path[i])
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be used: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("the data folder %s is a file", path)
	}
	lock, err := os.OpenFile(filepath.Join(path, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder is not writable: %w", err)
	}
	// flock is dropped by the system when the process dies, however it dies: no stale lock can remain.
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, fmt.Errorf("the data folder %s is in use by another server; stop that one first", path)
	}
	return &folder{path: path, info: info, lock: lock}, nil
}

// gone tells whether the folder was deleted or replaced: the engine would go on acknowledging writes that nobody will
// ever see again.
func (f *folder) gone() bool {
	now, err := os.Stat(f.path)
	return err != nil && os.IsNotExist(err) || err == nil && !os.SameFile(now, f.info)
}

func (f *folder) databases() []string {
	files, _ := filepath.Glob(filepath.Join(f.path, "*.sqlite"))
	return files
}
