;; refused: unknown identifier
(debug.getinfo 1)
(job :ok [:quire/push] (fn [] {}))
