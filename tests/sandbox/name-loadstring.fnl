;; refused: unknown identifier
(loadstring "return 1")
(job :ok [:quire/push] (fn [] {}))
