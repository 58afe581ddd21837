// Command mongo is the embedded MongoDB-compatible server behind `npm start`: FerretDB 1.24 on SQLite, with a front of
// ours.
//
// FerretDB alone is not safe to use: its read and its write are separate statements, so a compare-and-set has many
// winners. It therefore listens on a private socket only, and the front (front.go) passes one command at a time.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	dir := flag.String("dir", "", "data folder (must exist)")
	addr := flag.String("listen", "127.0.0.1:27317", "address to listen on, or unix:<path>. There is no authentication: a socket in a private folder keeps other users out")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if err := run(*dir, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "hawser-mongo: "+err.Error())
		os.Exit(1)
	}
}

// run starts in the one order that cannot harm a server that runs already: lock the folder, take the port, and only
// then touch anything else.
func run(dir, addr string) error {
	folder, err := openFolder(dir)
	if err != nil {
		return err
	}
	listener, err := listen(addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("the address %s is already in use by another program; stop it or choose another port", addr)
	} else if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	if err := probeFiles(folder.path); err != nil {
		return err
	}
	engine, err := startEngine(folder.path)
	if err != nil {
		return err
	}
	defer engine.removeSocket()
	front := newFront(listener, engine.dial)
	keeper := newKeeper(folder, front)

	fmt.Printf("READY %s\n", listener.Addr())
	go front.serve()
	go keeper.run()

	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-signals:
		go leaveAtOnceOnSecond(signals, engine)
		front.stop()
		engine.stop()
		return nil
	case err := <-front.failed:
		engine.removeSocket()
		return err
	case err := <-keeper.failed:
		engine.removeSocket()
		return err
	case err := <-engine.ended:
		return fmt.Errorf("the engine stopped by itself: %v", err)
	}
}

// listen opens a port, or a Unix socket where addr begins with "unix:". The lock on the data folder is held already: a
// socket that nobody answers on was left by a server that was killed.
func listen(addr string) (net.Listener, error) {
	path, isSocket := strings.CutPrefix(addr, "unix:")
	if !isSocket {
		return net.Listen("tcp", addr)
	}
	if probe, err := net.Dial("unix", path); err == nil {
		probe.Close()
		return nil, syscall.EADDRINUSE
	}
	os.Remove(path)
	return net.Listen("unix", path)
}

// leaveAtOnceOnSecond ends the process five seconds after the first signal, or on the second one: SQLite's log makes
// that safe, an orderly stop is only tidier.
func leaveAtOnceOnSecond(signals <-chan os.Signal, engine *engine) {
	select {
	case <-signals:
	case <-time.After(5 * time.Second):
	}
	engine.removeSocket()
	os.Exit(0)
}
