"""The other end of a mail: a calendar that applies messages as RFC 5546, 2.1.4 and 3.2 say. Reads with vobject."""

from dataclasses import dataclass, field

import vobject


@dataclass
class Receiver:
    """One attendee's calendar: by UID, the newest version seen; a cancelled one is kept as gone."""

    address: str
    seen: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    entries: dict[str, object] = field(default_factory=dict)

    def receive(self, data: bytes) -> bool:
        """Apply a message; whether it was news."""
        calendar = vobject.readOne(data.decode())
        event = calendar.vevent
        version = int(event.sequence.value), event.dtstamp.value.isoformat()
        uid = event.uid.value
        if uid in self.seen and version <= self.seen[uid][:2]:
            return False
        self.seen[uid] = (*version, calendar.method.value)
        if calendar.method.value == "CANCEL":
            self.entries.pop(uid, None)
        elif f"mailto:{self.address}" in [each.value for each in event.attendee_list]:
            self.entries[uid] = (event.dtstart.value, event.summary.value, event.location.value)
        return True
