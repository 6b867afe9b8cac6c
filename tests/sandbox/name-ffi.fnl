;; refused: unknown identifier
(ffi.cdef "int system(const char*);")
(job :ok [:quire/push] (fn [] {}))
