;; refused: unknown identifier
(io.popen "id")
(job :ok [:quire/push] (fn [] {}))
