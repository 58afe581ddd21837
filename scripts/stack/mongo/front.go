package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// replyLimit is how long the engine may take for one command. Past it the engine is stuck: ending sessions was tried
// and does not free it, a new process does.
const replyLimit = 60 * time.Second

// front accepts clients and passes their commands to the engine, one at a time.
type front struct {
	listener net.Listener
	dial     func() (net.Conn, error)
	turn     turn
	cursors  cursors
	own      net.Conn      // our session with the engine, for killing cursors; touched only within the turn
	passed   atomic.Uint64 // commands so far: the keeper has nothing to do where none has passed
	failed   chan error
	stopped  chan struct{}

	mutex    sync.Mutex
	sessions map[*session]bool
}

// session is one client and its own session with the engine.
type session struct{ client, engine net.Conn }

func newFront(listener net.Listener, dial func() (net.Conn, error)) *front {
	return &front{
		listener: listener, dial: dial, turn: newTurn(),
		failed: make(chan error, 1), stopped: make(chan struct{}), sessions: map[*session]bool{},
	}
}

func (f *front) serve() {
	for {
		client, err := f.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		} else if err != nil {
			time.Sleep(50 * time.Millisecond) // out of file handles: wait until some come back
			continue
		}
		go f.serveClient(client)
	}
}

func (f *front) serveClient(client net.Conn) {
	defer client.Close()
	engine, err := f.dial()
	if err != nil {
		return
	}
	defer engine.Close()
	s := &session{client, engine}
	if !f.add(s) {
		return
	}
	defer f.drop(s)
	for {
		request, err := readFrame(client)
		if err != nil {
			return
		}
		reply, err := f.answer(s, request)
		if err != nil {
			return
		}
		if !request.expectsNoReply() {
			if _, err := client.Write(reply); err != nil {
				return
			}
		}
	}
}

// answer returns the reply to one request. Reading the request and writing the reply happen outside the turn, so that a
// slow client delays nobody.
func (f *front) answer(s *session, request frame) (frame, error) {
	if waitsForData(request.body()) {
		return refuseTailable(request), nil
	}
	f.turn.take()
	defer f.turn.giveBack()
	f.passed.Add(1)
	reply, err := f.ask(s.engine, request)
	if err != nil {
		return nil, err
	}
	for _, c := range f.cursors.note(request.body(), reply.body()) {
		if err := f.kill(c); err != nil {
			return nil, err
		}
	}
	return reply, nil
}

func (f *front) ask(engine net.Conn, request frame) (frame, error) {
	engine.SetDeadline(time.Now().Add(replyLimit))
	if _, err := engine.Write(request); err != nil {
		return nil, f.judge(err)
	}
	reply, err := readFrame(engine)
	if err != nil {
		return nil, f.judge(err)
	}
	return reply, nil
}

func (f *front) judge(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		select {
		case f.failed <- fmt.Errorf("the engine gave no answer for %s; leaving, to be started afresh", replyLimit):
		default:
		}
	}
	return err
}

func (f *front) kill(c cursor) (err error) {
	if f.own == nil {
		if f.own, err = f.dial(); err != nil {
			f.own = nil
			return err
		}
	}
	if _, err = f.ask(f.own, newMsg(1, 0, c.killCommand())); err != nil {
		f.own.Close()
		f.own = nil
	}
	return err
}

func (f *front) add(s *session) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	select {
	case <-f.stopped:
		return false
	default:
		f.sessions[s] = true
		return true
	}
}

func (f *front) drop(s *session) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	delete(f.sessions, s)
}

// stop takes the turn and keeps it: the command under way ends, none begins. Then every session ends, our own too,
// because the engine waits three seconds for those that are open.
func (f *front) stop() {
	f.listener.Close()
	f.turn.take()
	f.mutex.Lock()
	defer f.mutex.Unlock()
	close(f.stopped)
	for s := range f.sessions {
		s.client.Close()
		s.engine.Close()
	}
	if f.own != nil {
		f.own.Close()
	}
}
