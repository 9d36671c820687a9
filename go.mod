module tcni.dev

go 1.26.0
