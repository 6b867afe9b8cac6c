;; refused: unknown identifier
(os.remove "/tmp/x")
(job :ok [:quire/push] (fn [] {}))
