;; Drives the Fennel compiler inside the compile machine (libquire/lua/fennel.cc).
;;
;; The chunk yields a function of the file reader and the names of the globals that compiled code may use; that one
;; yields the compile function: (compile file pipeline? readable broken) -> text, lines; or nil, nil, problems.
;; Compiling a whole file stops at its first error. So a file that does not compile is gone through again, form by
;; form, to find all that is wrong with it. A file whose brackets or strings do not match (lua/delimiters.h) comes with
;; its readable rest, where what is broken is blank, and with what is broken.

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

(fn without-labels [text]
  "The compiler's own labels before what it has to say: \"Compile error: \", and the place of code that has none."
  (let [(rest labels) (string.gsub (string.gsub text "^unknown:[%d?]+:[%d?]+: " "") "^%a+ error: " "")]
    (if (or (< 0 labels) (not= rest text)) (without-labels rest) rest)))

(fn in-macro [problem]
  "A macro that raised: the place is the macro's, and the text says where it was expanded. Its code was compiled so that
its lines are the file's (see diagnose); that of a macro beside its use has no name."
  (let [(where line text) (string.match problem.message "^([^:\n]+):(%d+): (.*)$")
        file (if (= where "(load)") problem.file
                 (and where (string.match where "^%.quire/")) where)]
    (if file
        {: file
         :line (tonumber line)
         :column 0
         :hint problem.hint
         :message (.. (without-labels text) " (in a macro, expanded at " problem.file ":" problem.line ")")}
        problem)))

(fn innermost [problem seen]
  "The place that is named last: that of a macro module's own error, which comes wrapped into one for each import."
  (let [(file line column text) (string.match problem.message "^(%.quire/[^:\n]+):([%d?]+):([%d?]+): (.*)$")]
    (if (not file) problem
        (. seen file) {:file problem.file
                       :line problem.line
                       :column problem.column
                       :hint ""
                       :message (.. "macro modules import each other: " (table.concat seen " -> ") " -> " file)}
        (do
          (tset seen file true)
          (table.insert seen file)
          (innermost {: file
                      :line (or (tonumber line) 0)
                      :column (+ 1 (or (tonumber column) 0))
                      :message (without-labels text)
                      :hint problem.hint} seen)))))

(fn to-problem [message]
  "What the compiler raised, \"file:line:column: text\" and lines with advice, as a table."
  (let [message (tostring message)
        (first rest) (string.match message "^([^\n]*)\n?(.*)$")
        (file line column text) (string.match first "^(.-):([%d?]+):([%d?]+): (.*)$")
        advice []]
    (each [try (string.gmatch rest "%* Try ([^\n]*)")]
      (let [hint (pick-values 1 (string.gsub try "%.$" ""))]
        (when (not (. advice hint))
          (tset advice hint true)
          (table.insert advice hint))))
    (if text
        (in-macro (innermost {:file file
                              :line (or (tonumber line) 0)
                              :column (+ 1 (or (tonumber column) 0))
                              :message (without-labels text)
                              :hint (table.concat advice "; or ")} []))
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

(fn forget-macros []
  "So that macro modules are compiled again, the way that diagnose wants them."
  (each [name (pairs fennel.macro-loaded)]
    (tset fennel.macro-loaded name nil)))

(fn diagnose [source broken file globals]
  (let [problems []
        lines (split-lines source)
        scope (fennel.scope)]
    (forget-macros)
    ;; The text of what did not compile: the names it would have defined are missing, and not worth a word.
    (var broken broken)
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
                (let [resume (next-top-level lines begin)]
                  (report more)
                  (set broken (.. broken "\n" (table.concat lines "\n" begin (if resume (- resume 1) (length lines)))))
                  (set start resume)
                  (set reading false))
                (not more)
                (do (set start nil) (set reading false))
                (let [last (or (. (fennel.ast-source ast) :endline) (. (fennel.ast-source ast) :line) begin)
                      before (length problems)
                      (compiled message) (pcall fennel.compile ast
                                                (options file globals {: scope :plugins [lenient] :correlate true}))]
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

(local defining {})
(each [_ name (ipairs [:local :var :global :fn :lambda :λ :macro :macros :import-macros :require-macros :eval-compiler])]
  (tset defining name true))

(fn in-blocks [source file globals]
  "The text with every top-level form that defines nothing in a block of its own, in the lines where it stands."
  (let [pieces []]
    (var at 1)
    (each [_ ast (fennel.parser (fennel.stringStream source) file (options file globals))]
      (when (and (fennel.list? ast) (not (. defining (tostring (. ast 1)))))
        (let [{: bytestart : byteend} (fennel.ast-source ast)]
          (table.insert pieces (.. (string.sub source at (- bytestart 1)) "(do " (string.sub source bytestart byteend) ")"))
          (set at (+ byteend 1)))))
    (table.insert pieces (string.sub source at))
    (table.concat pieces)))

(fn too-many-names? [code lines]
  "Lua allows 200 local variables to a function, and a file is one."
  (and (< 200 (length lines))
       (let [(_ message) (load code "=it" "t")]
         (mentions (tostring message) "too many local variables"))))

(fn compile-text [text file globals]
  "Each function that is an argument of a call takes a local variable of Lua: a file of many jobs needs them in blocks."
  (let [(code lines) (fennel.compileString text (options file globals))]
    (if (not (too-many-names? code lines))
        (values code lines)
        (let [(ok code lines) (pcall #(fennel.compileString (in-blocks text file globals) (options file globals)))]
          (if (or (not ok) (too-many-names? code lines))
              (error (.. file ":1:0: the file defines more than 200 names at its top level, which is Lua's limit; "
                         "put some of them into a table, or into a module of .quire/lib") 0)
              (values code lines))))))

(fn [reader globals]
  (set read-source reader)
  (fn [file pipeline? readable broken]
    (let [source (or readable (read-source file))
          ;; A pipeline's value is of no use, but a call in tail position leaves no trace of where it was made.
          text (if pipeline? (.. source "\nnil") source)
          (ok code sourcemap) (if readable (values false "") (pcall compile-text text file globals))]
      (if ok
          (values code (line-map sourcemap file))
          (let [(diagnosed problems) (pcall diagnose source (or broken "") file globals)]
            (if (and diagnosed (or readable (< 0 (length problems))))
                (values nil nil problems)
                readable
                (values nil nil [])
                (values nil nil [(to-problem code)])))))))
