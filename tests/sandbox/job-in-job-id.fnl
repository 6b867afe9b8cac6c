;; refused: reserved
(job "../../../../tmp/x" [:quire/push] #nil)
