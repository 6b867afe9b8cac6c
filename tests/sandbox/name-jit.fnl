;; refused: unknown identifier
(jit.off)
(job :ok [:quire/push] (fn [] {}))
