"""What a power cut may leave of a SQLite database's files, built from the trace that powercut.c records.

What was synced is there. What was written since the last sync of its file is there, missing, torn at a sector's border,
garbled, or there without what was written before it, as chance says. Names made and removed since the last sync of the
folder are as they were at some moment between.
"""

import struct
from dataclasses import dataclass, field

WRITE, TRUNCATE, SYNC, UNLINK, SYNC_FOLDER = range(1, 6)
SUFFIXES = ("", "-wal", "-journal")
HEADER = struct.Struct("=BBHIq")


@dataclass(frozen=True)
class Record:
    """One call; `end` is the trace's length after it."""

    kind: int
    file: int
    offset: int
    data: bytes
    end: int


def read_trace(path):
    content = path.read_bytes()
    records, position = [], 0
    while position + HEADER.size <= len(content):
        kind, file, _, length, offset = HEADER.unpack_from(content, position)
        size = length if kind == WRITE else 0
        start, position = position + HEADER.size, position + HEADER.size + size
        if position > len(content):
            break  # Its writer was killed in the middle of this record.
        records.append(Record(kind, file, offset, content[start:position], position))
    return records


@dataclass
class StoredFile:
    """A file without its name: what is safe, and what was done to it since."""

    safe: bytearray = field(default_factory=bytearray)
    unsynced: list = field(default_factory=list)

    def sync(self):
        for record in self.unsynced:
            perform(record, self.safe)
        self.unsynced = []

    def after_cut(self, chance):
        content = bytearray(self.safe)
        fate = chance.choice((nothing, everything, beginning, scattered, scattered))
        for piece in fate(self.unsynced, chance):
            perform(piece, content)
        return content


class Disk:
    """The database's folder: replays a trace and says at any point what a power cut might leave."""

    def __init__(self):
        self.names, self.safe_names, self.renamings = {}, {}, []

    def apply(self, record):
        name = SUFFIXES[record.file] if record.file < len(SUFFIXES) else None
        if record.kind == SYNC_FOLDER:
            self.safe_names, self.renamings = dict(self.names), []
        elif record.kind == UNLINK:
            self.names.pop(name, None)
            self.renamings.append(dict(self.names))
        elif record.kind == SYNC:
            self._file(name).sync()
        else:
            self._file(name).unsynced.append(record)

    def _file(self, name):
        if name not in self.names:
            self.names[name] = StoredFile()
            self.renamings.append(dict(self.names))
        return self.names[name]

    def image(self, chance):
        """Name suffix → bytes."""
        names = chance.choice([self.safe_names, *self.renamings])
        return {name: bytes(file.after_cut(chance)) for name, file in names.items()}


def perform(record, content):
    if record.kind == TRUNCATE:
        resize(content, record.offset)
        return
    end = record.offset + len(record.data)
    if len(content) < end:
        resize(content, end)
    content[record.offset:end] = record.data


def resize(content, size):
    del content[size:]
    content.extend(bytes(size - len(content)))


def nothing(records, chance):
    return []


def everything(records, chance):
    return records


def beginning(records, chance):
    return records[:chance.randint(0, len(records))]


def scattered(records, chance):
    """Each sector of each write by itself; a lost one at the end may still have lengthened the file."""
    sector = chance.choice((512, 4096))
    kept_share = chance.random()
    for record in records:
        if record.kind == TRUNCATE:
            if chance.random() < kept_share:
                yield record
            continue
        for piece in sectors(record, sector):
            if chance.random() < kept_share:
                yield piece if chance.random() < 0.99 else garbled(piece, chance)


def sectors(record, size):
    start, stop = record.offset, record.offset + len(record.data)
    while start < stop:
        end = min(stop, (start // size + 1) * size)
        data = record.data[start - record.offset:end - record.offset]
        yield Record(WRITE, record.file, start, data, record.end)
        start = end


def garbled(piece, chance):
    return Record(WRITE, piece.file, piece.offset, chance.randbytes(len(piece.data)), piece.end)
