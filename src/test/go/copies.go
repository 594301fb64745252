// copies CALL FILE COPY: copies a file by one of Go's usual calls.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := copyBy(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func copyBy(call, file, copy string) error {
	if call == "os.ReadFile" {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(copy, data, 0o600)
	}
	source, err := os.Open(file)
	if err != nil {
		return err
	}
	target, err := os.Create(copy)
	if err != nil {
		return err
	}
	switch call {
	case "io.Copy":
		_, err = io.Copy(target, source)
	case "io.ReadAll":
		var data []byte
		if data, err = io.ReadAll(source); err == nil {
			_, err = target.Write(data)
		}
	case "bufio.Scanner":
		lines := bufio.NewScanner(source)
		for err == nil && lines.Scan() {
			_, err = fmt.Fprintln(target, lines.Text())
		}
		if err == nil {
			err = lines.Err()
		}
	default:
		err = fmt.Errorf("unknown: %s", call)
	}
	return err
}
