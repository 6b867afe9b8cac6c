;; refused: unknown identifier
(loadfile "/etc/passwd")
(job :ok [:quire/push] (fn [] {}))
