;; refused: unknown identifier
(debug.getregistry)
(job :ok [:quire/push] (fn [] {}))
