// Reads our ledgers with other people's code alone: Go's golang.org/x/mod/sumdb, note and tlog, which were written for
// another log. Knows docs/format.md only where a file of ours holds what those packages then judge.
//
//	readlog export FOLDER KEY      opens the checkpoint, recomputes the tree from the entries, reads every entry's hash
//	                               out of the tiles, proves inclusion of each and consistency with half the tree
//	readlog proof FILE KEY...      opens every checkpoint in a proof file and checks the audit path of every entry
//	readlog ed25519 KEY MESSAGE SIGNATURE   (hex): whether crypto/ed25519 takes it
//
// KEY is a verifier key in the text form of signed notes. Prints one JSON object. Exit 1: what is read does not hold.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A head is a signed tree head: whose log, how many entries, and their root.
type head struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"`
	tree   tlog.Tree
}

func openHead(message []byte, keys []string) (head, error) {
	var known []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return head{}, err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open(message, note.VerifierList(known...))
	if err != nil {
		return head{}, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 {
		return head{}, fmt.Errorf("checkpoint: %d lines", len(lines))
	}
	if opened.Sigs[0].Name != lines[0] {
		return head{}, fmt.Errorf("checkpoint: of %s, signed by %s", lines[0], opened.Sigs[0].Name)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, fmt.Errorf("checkpoint: %w", err)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return head{}, fmt.Errorf("checkpoint: %w", err)
	}
	return head{lines[0], size, root.String(), tlog.Tree{N: size, Hash: root}}, nil
}

// folder reads the tiles of an export. Other logs put the height of a tile into its path; C2SP tlog-tiles do not.
type folder string

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(string(f), strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads the entry bundles: each entry after its length in two bytes, big-endian.
func (f folder) entries(size int64) ([][]byte, error) {
	var found [][]byte
	for number := int64(0); number*256 < size; number++ {
		tile := tlog.Tile{H: 8, L: 0, N: number, W: 256}
		if size-number*256 < 256 {
			tile.W = int(size - number*256)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		count := 0
		for ; len(data) > 0; count++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s: ends in the middle of its entry %d", path, count)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			found, data = append(found, data[2:end]), data[end:]
		}
		if count != tile.W {
			return nil, fmt.Errorf("%s: %d entries, not %d", path, count, tile.W)
		}
	}
	return found, nil
}

// stored is a tree in memory, built from the entries by tlog itself.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found = append(found, s[index])
	}
	return found, nil
}

func readExport(path, key string) (interface{}, error) {
	message, err := os.ReadFile(filepath.Join(path, "checkpoint"))
	if err != nil {
		return nil, err
	}
	signed, err := openHead(message, []string{key})
	if err != nil {
		return nil, err
	}
	entries, err := folder(path).entries(signed.Size)
	if err != nil {
		return nil, err
	}
	var built stored
	for index, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(index), entry, built)
		if err != nil {
			return nil, err
		}
		built = append(built, hashes...)
	}
	root, err := tlog.TreeHash(signed.Size, built)
	if err != nil {
		return nil, err
	}
	if root != signed.tree.Hash {
		return nil, fmt.Errorf("entries: they lead to root %s, signed is %s", root, signed.Root)
	}
	tiles := tlog.TileHashReader(signed.tree, folder(path))
	for index, entry := range entries {
		hashes, err := tiles.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
		if err != nil {
			return nil, fmt.Errorf("tiles: %w", err)
		}
		if hashes[0] != tlog.RecordHash(entry) {
			return nil, fmt.Errorf("tiles: entry %d has another hash there", index)
		}
		proof, err := tlog.ProveRecord(signed.Size, int64(index), tiles)
		if err != nil {
			return nil, err
		}
		if err := tlog.CheckRecord(proof, signed.Size, signed.tree.Hash, int64(index), tlog.RecordHash(entry)); err != nil {
			return nil, fmt.Errorf("entry %d: %w", index, err)
		}
	}
	half := signed.Size / 2
	before, err := tlog.TreeHash(half, built)
	if err != nil {
		return nil, err
	}
	if half > 0 {
		proof, err := tlog.ProveTree(signed.Size, half, tiles)
		if err != nil {
			return nil, err
		}
		if err := tlog.CheckTree(proof, signed.Size, signed.tree.Hash, half, before); err != nil {
			return nil, err
		}
	}
	return map[string]interface{}{"head": signed, "entries": len(entries)}, nil
}

func readProof(path string, keys []string) (interface{}, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var proof struct {
		Logs []struct {
			Checkpoint string
			Side       string
		}
		Entries []struct {
			Index int64
			Leaf  string
			Proof []string
			Side  string
		}
	}
	if err := json.Unmarshal(data, &proof); err != nil {
		return nil, err
	}
	heads := map[string]head{}
	for _, log := range proof.Logs {
		if heads[log.Side], err = openHead([]byte(log.Checkpoint), keys); err != nil {
			return nil, err
		}
	}
	for _, entry := range proof.Entries {
		leaf, err := base64.StdEncoding.DecodeString(entry.Leaf)
		if err != nil {
			return nil, err
		}
		var steps tlog.RecordProof
		for _, step := range entry.Proof {
			var hash tlog.Hash
			raw, err := hex.DecodeString(step)
			if err != nil || copy(hash[:], raw) != tlog.HashSize {
				return nil, fmt.Errorf("entry %s %d: %q is no hash", entry.Side, entry.Index, step)
			}
			steps = append(steps, hash)
		}
		tree := heads[entry.Side].tree
		if err := tlog.CheckRecord(steps, tree.N, tree.Hash, entry.Index, tlog.RecordHash(leaf)); err != nil {
			return nil, fmt.Errorf("entry %s %d: %w", entry.Side, entry.Index, err)
		}
	}
	return map[string]interface{}{"heads": heads, "entries": len(proof.Entries)}, nil
}

func verify(words ...string) (interface{}, error) {
	var given [][]byte
	for _, word := range words {
		raw, err := hex.DecodeString(word)
		if err != nil {
			return nil, err
		}
		given = append(given, raw)
	}
	return ed25519.Verify(given[0], given[1], given[2]), nil
}

func main() {
	var found interface{}
	err := fmt.Errorf("usage: readlog export FOLDER KEY | readlog proof FILE KEY...")
	switch {
	case len(os.Args) == 4 && os.Args[1] == "export":
		found, err = readExport(os.Args[2], os.Args[3])
	case len(os.Args) == 5 && os.Args[1] == "ed25519":
		found, err = verify(os.Args[2], os.Args[3], os.Args[4])
	case len(os.Args) > 3 && os.Args[1] == "proof":
		found, err = readProof(os.Args[2], os.Args[3:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
