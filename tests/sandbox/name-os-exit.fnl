;; refused: unknown identifier
(os.exit 0)
(job :ok [:quire/push] (fn [] {}))
