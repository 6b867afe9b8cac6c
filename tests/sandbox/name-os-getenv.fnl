;; refused: unknown identifier
(os.getenv "HOME")
(job :ok [:quire/push] (fn [] {}))
