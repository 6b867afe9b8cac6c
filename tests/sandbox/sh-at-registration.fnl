;; refused: runtime accessed outside a job
(runtime.sh "touch /tmp/escaped")
(error "ESCAPED")
