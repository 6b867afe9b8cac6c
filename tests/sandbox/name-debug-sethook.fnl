;; refused: unknown identifier
(debug.sethook)
(job :ok [:quire/push] (fn [] {}))
