;; refused: 
(macro steal [] (let [f (require :fennel)] (f.eval "(os.execute :id)") (error "ESCAPED")))
(steal)
