;; refused: 
(require-macros (do (lua "os.execute('id')") :x))
