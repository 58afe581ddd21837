package main

// turn is the right to speak to the engine. One command at a time makes compare-and-set atomic.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take()     { t <- struct{}{} }
func (t turn) giveBack() { <-t }
