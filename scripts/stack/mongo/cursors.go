package main

import (
	"strings"
	"time"
)

// maxCursors stays well below the engine's 100 connections to SQLite, of which each open cursor holds one: the 101st
// would wait for ever, and everybody with it.
const maxCursors = 50

// idleCursor is how long an unused cursor lives, as in MongoDB. While it lives, the log cannot be folded in past it.
const idleCursor = 10 * time.Minute

type cursor struct {
	id         int64
	database   string
	collection string
	lastUse    time.Time
}

// cursors remembers the open cursors in order of last use, oldest first. Touched only within the turn.
type cursors struct{ open []cursor }

// note follows one command and its reply, and returns the cursors that must be killed now.
func (c *cursors) note(request, reply document) []cursor {
	switch command := request.first(); command.key {
	case "getMore":
		c.forget(command.int64())
	case "killCursors":
		document(request.get("cursors").value).each(func(e element) bool { c.forget(e.int64()); return true })
	}
	answer := document(reply.get("cursor").value)
	if id := answer.get("id").int64(); id != 0 {
		database, collection, _ := strings.Cut(answer.get("ns").text(), ".")
		c.forget(id)
		c.open = append(c.open, cursor{id, database, collection, time.Now()})
	}
	excess := max(0, len(c.open)-maxCursors)
	for excess < len(c.open) && time.Since(c.open[excess].lastUse) > idleCursor {
		excess++
	}
	oldest := append([]cursor(nil), c.open[:excess]...)
	c.open = c.open[excess:]
	return oldest
}

func (c *cursors) forget(id int64) {
	for i, known := range c.open {
		if known.id == id {
			c.open = append(c.open[:i:i], c.open[i+1:]...)
			return
		}
	}
}

func (c cursor) killCommand() document {
	ids := (&builder{}).int64("0", c.id).document()
	command := (&builder{}).text("killCursors", c.collection).field(kindArray, "cursors", ids)
	return command.text("$db", c.database).document()
}
