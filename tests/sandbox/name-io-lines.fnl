;; refused: unknown identifier
(io.lines "/etc/passwd")
(job :ok [:quire/push] (fn [] {}))
