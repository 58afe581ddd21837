package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Source: MongoDB wire protocol, "Standard message header" and "OP_MSG".
const (
	headerBytes     = 16
	maxFrameBytes   = 48_000_000
	opMsg           = 2013
	flagChecksum    = 1 << 0
	flagMoreToCome  = 1 << 1
	sectionBody     = 0
	sectionSequence = 1
)

var errFrameLength = errors.New("frame length out of range")

// frame is one whole message with its header.
type frame []byte

// readFrame reads a message whole. The buffer grows with what has come, so a false length in a header costs nothing.
func readFrame(r io.Reader) (frame, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, err
	}
	length := int64(int32(binary.LittleEndian.Uint32(header[:])))
	if length < headerBytes || length > maxFrameBytes {
		return nil, errFrameLength
	}
	buffer := bytes.NewBuffer(make([]byte, 0, min(length, 64*1024)))
	buffer.Write(header[:])
	if _, err := io.CopyN(buffer, r, length-headerBytes); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

func (f frame) requestID() uint32 { return binary.LittleEndian.Uint32(f[4:]) }

func (f frame) isMsg() bool {
	return len(f) >= headerBytes+5 && binary.LittleEndian.Uint32(f[12:]) == opMsg
}

// expectsNoReply is true for a write with w: 0. The engine replies all the same, and the driver would take that reply
// for the answer to its next command.
func (f frame) expectsNoReply() bool {
	return f.isMsg() && binary.LittleEndian.Uint32(f[16:])&flagMoreToCome != 0
}

// body returns the command document of an OP_MSG, or nil.
func (f frame) body() document {
	if !f.isMsg() {
		return nil
	}
	rest := []byte(f[20:])
	if binary.LittleEndian.Uint32(f[16:])&flagChecksum != 0 && len(rest) >= 4 {
		rest = rest[:len(rest)-4]
	}
	for len(rest) >= 5 {
		kind, size := rest[0], int64(binary.LittleEndian.Uint32(rest[1:]))
		if size < 4 || size > int64(len(rest)-1) {
			return nil
		}
		if kind == sectionBody {
			return rest[1 : 1+size]
		}
		if kind != sectionSequence {
			return nil
		}
		rest = rest[1+size:]
	}
	return nil
}

// newMsg makes an OP_MSG of one body section.
func newMsg(requestID, responseTo uint32, body document) frame {
	f := make(frame, 0, headerBytes+5+len(body))
	f = binary.LittleEndian.AppendUint32(f, uint32(headerBytes+5+len(body)))
	f = binary.LittleEndian.AppendUint32(f, requestID)
	f = binary.LittleEndian.AppendUint32(f, responseTo)
	f = binary.LittleEndian.AppendUint32(f, opMsg)
	f = binary.LittleEndian.AppendUint32(f, 0)
	f = append(f, sectionBody)
	return append(f, body...)
}
