;; refused: call a nil value
(eval-compiler (let [(f why) (_G.load "\27Lua")] (error (.. "held, no bytecode: " (tostring why)))))
