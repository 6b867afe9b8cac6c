;; refused: unknown identifier
(io.open "/etc/passwd")
(job :ok [:quire/push] (fn [] {}))
