package main

import (
	"bytes"
	"encoding/binary"
	"math"
)

// document is a BSON document as it came. It is never trusted: a malformed one reads as if fields were missing.
// Source: bsonspec.org 1.1.
type document []byte

type element struct {
	kind  byte
	key   string
	value []byte
}

const (
	kindDouble   = 0x01
	kindString   = 0x02
	kindDocument = 0x03
	kindArray    = 0x04
	kindBool     = 0x08
	kindInt32    = 0x10
	kindInt64    = 0x12
)

// each calls visit for every element until it returns false.
func (d document) each(visit func(element) bool) {
	if len(d) < 5 {
		return
	}
	for rest := []byte(d[4:]); len(rest) > 1; {
		end := bytes.IndexByte(rest[1:], 0)
		if end < 0 {
			return
		}
		e := element{kind: rest[0], key: string(rest[1 : 1+end])}
		rest = rest[2+end:]
		size := valueSize(e.kind, rest)
		if size < 0 || size > len(rest) {
			return
		}
		e.value, rest = rest[:size], rest[size:]
		if !visit(e) {
			return
		}
	}
}

func (d document) first() (found element) {
	d.each(func(e element) bool { found = e; return false })
	return found
}

func (d document) get(key string) (found element) {
	d.each(func(e element) bool {
		if e.key == key {
			found = e
		}
		return e.key != key
	})
	return found
}

func (e element) text() string {
	if e.kind != kindString || len(e.value) < 5 {
		return ""
	}
	return string(e.value[4 : len(e.value)-1])
}

func (e element) int64() int64 {
	switch {
	case e.kind == kindInt64:
		return int64(binary.LittleEndian.Uint64(e.value))
	case e.kind == kindInt32:
		return int64(int32(binary.LittleEndian.Uint32(e.value)))
	}
	return 0
}

func (e element) truthy() bool { return e.kind == kindBool && e.value[0] != 0 || e.int64() != 0 }

// valueSize returns the length of a value, or -1 where it cannot be told.
func valueSize(kind byte, rest []byte) int {
	prefixed := func(extra int64) int {
		if len(rest) < 4 {
			return -1
		}
		size := int64(int32(binary.LittleEndian.Uint32(rest))) + extra
		if size < 4 || size > math.MaxInt32 {
			return -1
		}
		return int(size)
	}
	switch kind {
	case 0x06, 0x0A, 0x7F, 0xFF:
		return 0
	case kindBool:
		return 1
	case kindInt32:
		return 4
	case kindDouble, 0x09, 0x11, kindInt64:
		return 8
	case 0x07:
		return 12
	case 0x13:
		return 16
	case kindString, 0x0D, 0x0E:
		return prefixed(4)
	case kindDocument, kindArray:
		return prefixed(0)
	case 0x05:
		return prefixed(5)
	case 0x0B:
		pattern := bytes.IndexByte(rest, 0)
		if pattern < 0 {
			return -1
		}
		options := bytes.IndexByte(rest[pattern+1:], 0)
		if options < 0 {
			return -1
		}
		return pattern + options + 2
	}
	return -1
}

// builder writes a document field by field.
type builder struct{ fields []byte }

func (b *builder) field(kind byte, key string, value []byte) *builder {
	b.fields = append(append(append(append(b.fields, kind), key...), 0), value...)
	return b
}

func (b *builder) text(key, value string) *builder {
	size := binary.LittleEndian.AppendUint32(nil, uint32(len(value)+1))
	return b.field(kindString, key, append(append(size, value...), 0))
}

func (b *builder) int64(key string, value int64) *builder {
	return b.field(kindInt64, key, binary.LittleEndian.AppendUint64(nil, uint64(value)))
}

func (b *builder) int32(key string, value int32) *builder {
	return b.field(kindInt32, key, binary.LittleEndian.AppendUint32(nil, uint32(value)))
}

func (b *builder) double(key string, value float64) *builder {
	return b.field(kindDouble, key, binary.LittleEndian.AppendUint64(nil, math.Float64bits(value)))
}

func (b *builder) document() document {
	d := binary.LittleEndian.AppendUint32(nil, uint32(len(b.fields)+5))
	return append(append(d, b.fields...), 0)
}
