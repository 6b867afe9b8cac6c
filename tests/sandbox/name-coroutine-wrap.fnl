;; refused: unknown identifier
(coroutine.wrap #1)
(job :ok [:quire/push] (fn [] {}))
