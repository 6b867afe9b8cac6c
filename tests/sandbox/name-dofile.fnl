;; refused: unknown identifier
(dofile "/etc/passwd")
(job :ok [:quire/push] (fn [] {}))
