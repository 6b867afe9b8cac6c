;; refused: not the name of an image
(ci.image "--privileged")
(job :ok [:quire/push] (fn [] {}))
