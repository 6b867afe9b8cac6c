;; refused: unknown identifier
(os.execute "id")
(job :ok [:quire/push] (fn [] {}))
