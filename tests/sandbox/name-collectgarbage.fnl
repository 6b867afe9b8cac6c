;; refused: unknown identifier
(collectgarbage :stop)
(job :ok [:quire/push] (fn [] {}))
