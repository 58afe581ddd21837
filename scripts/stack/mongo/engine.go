package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// engine is FerretDB on its private socket.
type engine struct {
	socket string
	cancel context.CancelFunc
	ended  chan error
	remove sync.Once
}

func startEngine(dir string) (*engine, error) {
	// A path of a Unix socket is limited to about 100 bytes, so it lies in a fresh folder of the system's temporary one
	// and never in the data folder, whose path may be long. MkdirTemp makes it 0700: nobody else gets past the front.
	sweepSockets()
	private, err := os.MkdirTemp("", socketFolder)
	if err != nil {
		return nil, fmt.Errorf("cannot make a private folder for the engine: %w", err)
	}
	e := &engine{socket: filepath.Join(private, "s"), ended: make(chan error, 1)}
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: e.socket},
		Handler:   "sqlite",
		SQLiteURL: "file:" + dir + "/",
	})
	if err != nil {
		e.removeSocket()
		return nil, fmt.Errorf("the engine does not start: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	go func() { e.ended <- db.Run(ctx) }()
	return e, nil
}

const socketFolder = "hawser-mongo-"

// sweepSockets removes the folders of engines that were killed. A young one may belong to an engine that is about to
// listen.
func sweepSockets() {
	folders, _ := filepath.Glob(filepath.Join(os.TempDir(), socketFolder+"*"))
	for _, old := range folders {
		info, err := os.Stat(old)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if probe, err := net.Dial("unix", filepath.Join(old, "s")); err == nil {
			probe.Close()
		} else if !errors.Is(err, os.ErrPermission) {
			os.RemoveAll(old)
		}
	}
}

func (e *engine) dial() (net.Conn, error) { return net.Dial("unix", e.socket) }

// stop ends the engine and waits for it. It is quick only when all its sessions are closed already.
func (e *engine) stop() {
	e.cancel()
	<-e.ended
}

func (e *engine) removeSocket() { e.remove.Do(func() { os.RemoveAll(filepath.Dir(e.socket)) }) }
