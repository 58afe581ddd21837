package main

// A tailable cursor that awaits data would hold the turn for seconds, and everybody would wait with it. Our own code
// never asks for one, so it is refused with the code that the engine uses for what it does not have.

func waitsForData(command document) bool {
	return command.first().key == "find" && (command.get("tailable").truthy() || command.get("awaitData").truthy())
}

func refuseTailable(request frame) frame {
	body := (&builder{}).double("ok", 0).
		text("errmsg", "tailable cursors are not available in the embedded database").
		int32("code", 238).text("codeName", "NotImplemented").document()
	return newMsg(0, request.requestID(), body)
}
