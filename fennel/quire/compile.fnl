;; Drives the Fennel compiler inside the compile machine (libquire/lua/fennel.cc).
;;
;; The chunk yields a function of the file reader and the names of the globals that compiled code may use; that one
;; yields the compile function: (compile file pipeline?) -> text, lines; or nil, nil, problems.
;; Compiling a whole file stops at its first error. So a file that does not compile is gone through again, form by
;; form, to find all that is wrong with it.

;; What the compiler expects of a machine that has neither: files it may read, and a traceback for failing macros.
(var read-source nil)

(fn open-file [path]
  (let [text (read-source path)]
    (if text
        {:read (fn [] text)
         :lines (fn [] (string.gmatch (.. text "\n") "([^\n]*)\n"))
         :close (fn [] true)}
        (values nil (.. "no file '" path "'")))))

(tset _G :io {:open open-file})
(tset _G :debug {:traceback (fn [message] message)})

(local fennel (require :fennel))
(local search-path ".quire/lib/?.fnl;.quire/lib/?/init.fnl;.quire/?.fnl")
(tset fennel :path search-path)
(tset fennel :macro-path (.. ".quire/lib/?.fnl;.quire/lib/?/init-macros.fnl;.quire/lib/?/init.fnl;.quire/?.fnl"))

(local most-problems 50)

(fn options [file globals more]
  (let [result {:filename file
                :allowedGlobals globals
                :correlate false
                :useMetadata false
                :error-pinpoint false
                :compiler-env :strict
                :warn (fn [])}]
    (each [key value (pairs (or more {}))]
      (tset result key value))
    result))

(fn to-problem [message]
  "What the compiler raised, \"file:line:column: text\" and lines with advice, as a table."
  (let [message (tostring message)
        (first rest) (string.match message "^([^\n]*)\n?(.*)$")
        (file line column text) (string.match first "^(.-):([%d?]+):([%d?]+): (.*)$")
        advice []]
    (each [try (string.gmatch rest "%* Try ([^\n]*)")]
      (table.insert advice (pick-values 1 (string.gsub try "%.$" ""))))
    (if text
        {:file file
         :line (or (tonumber line) 0)
         :column (+ 1 (or (tonumber column) 0))
         :message (pick-values 1 (string.gsub text "^%a+ error: " ""))
         :hint (table.concat advice "; or ")}
        (let [(file line text) (string.match first "^(.-):(%d+): (.*)$")]
          {:file (or file nil) :line (or (tonumber line) 0) :message (or text first) :hint ""}))))

(fn split-lines [source]
  (icollect [line (string.gmatch (.. source "\n") "([^\n]*)\n")] line))

(fn rest-from [lines start]
  "The text from that line on, everything before it blank, so that positions stay what they are."
  (.. (string.rep "\n" (- start 1)) (table.concat lines "\n" start)))

(fn next-top-level [lines after]
  "The next line that begins a form in the first column: where reading can go on after a form that is broken."
  (var found nil)
  (for [line (+ after 1) (length lines) &until found]
    (when (string.match (. lines line) "^%(")
      (set found line)))
  found)

(fn first-code-line [lines start]
  (var found nil)
  (for [line start (length lines) &until found]
    (when (string.match (. lines line) "^%s*[^%s;]")
      (set found line)))
  (or found start))

(fn mentions [text name]
  (not= nil (string.find text name 1 true)))

(fn diagnose [source file globals]
  (let [problems []
        lines (split-lines source)
        scope (fennel.scope)]
    ;; The text of what did not compile: the names it would have defined are missing, and not worth a word.
    (var broken "")
    (var start 1)
    (fn report [message]
      (let [problem (to-problem message)
            unknown (string.match problem.message "unknown identifier: (%S+)")]
        (when (and (< (length problems) most-problems)
                   (not (and unknown (mentions broken unknown))))
          (table.insert problems problem))))
    ;; An unknown name does not keep the rest of its form from being looked at.
    (local lenient {:versions fennel.version
                    :assert-compile (fn [_ message ast]
                                      (when (string.match message "^unknown identifier")
                                        (let [at (fennel.ast-source ast)]
                                          (report (.. (or at.filename file) ":" (or at.line "?") ":" (or at.col "?")
                                                      ": Compile error: " message)))
                                        true))})
    (while start
      (let [opts (options file globals)
            parser (fennel.parser (fennel.stringStream (rest-from lines start)) file opts)]
        (var reading true)
        (while reading
          (let [begin (first-code-line lines start)
                (ok more ast) (pcall parser)]
            (if (not ok)
                (let [resume (next-top-level lines begin)
                      missing (string.match (tostring more) "expected closing delimiter ([^\n]*)")]
                  ;; Where the text ends is not where the bracket is missing.
                  (report (if missing
                              (.. file ":" begin ":" (- (string.find (or (. lines begin) "x") "%S") 1)
                                  ": Parse error: this form is not closed, it lacks a " missing)
                              more))
                  (set broken (.. broken "\n" (table.concat lines "\n" begin (if resume (- resume 1) (length lines)))))
                  (set start resume)
                  (set reading false))
                (not more)
                (do (set start nil) (set reading false))
                (let [last (or (. (fennel.ast-source ast) :endline) (. (fennel.ast-source ast) :line) begin)
                      before (length problems)
                      (compiled message) (pcall fennel.compile ast
                                                (options file globals {: scope :plugins [lenient]}))]
                  (when (not compiled)
                    (report message))
                  (when (or (not compiled) (< before (length problems)))
                    (set broken (.. broken "\n" (table.concat lines "\n" begin (math.min last (length lines))))))
                  (set start (+ last 1))))))))
    problems))

(fn line-map [sourcemap file]
  "The Fennel line of each line of Lua; 0 where there is none, or where it is another file's."
  (let [result []]
    (for [i 1 (length sourcemap)]
      (let [[name line] (. sourcemap i)]
        (tset result i (if (= name file) (or line 0) 0))))
    result))

(fn [reader globals]
  (set read-source reader)
  (fn [file pipeline?]
    (let [source (read-source file)
          ;; A pipeline's value is of no use, but a call in tail position leaves no trace of where it was made.
          text (if pipeline? (.. source "\nnil") source)
          (ok code sourcemap) (pcall fennel.compileString text (options file globals))]
      (if ok
          (values code (line-map sourcemap file))
          (let [(diagnosed problems) (pcall diagnose source file globals)]
            (if (and diagnosed (< 0 (length problems)))
                (values nil nil problems)
                (values nil nil [(to-problem code)])))))))
