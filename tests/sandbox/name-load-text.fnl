;; refused: unknown identifier
(load "return 1")
(job :ok [:quire/push] (fn [] {}))
