;; quire.stdlib: recipes made of what the runtime has. They work in jobs only, like the runtime itself.

(local native ...)
(local runtime (require :quire.runtime))
(local stdlib {})

(fn need [opts recipe names others]
  "Every one of the named options must be a string; beside them there may be the others, and no more."
  (let [known [(table.unpack names)]]
    (each [_ name (ipairs others)]
      (table.insert known name))
    (native.check-options recipe opts known))
  (each [_ name (ipairs names)]
    (let [value (. opts name)]
      (when (or (not= :string (type value)) (= "" value))
        (error (.. recipe ": :" name " is missing; it must be a string") 0)))))

(fn last-line [text]
  (or (string.match text "([^\n]+)\n*$") ""))

;; mirror

(fn reason-of [result]
  "Why git said no: the line that begins with fatal, else the last one."
  (or (string.match (.. "\n" result.stderr) "\n(fatal: [^\n]*)")
      (string.match (.. "\n" result.stderr) "\n(error: [^\n]*)")
      (last-line result.stderr)))

(fn run-git [opts arguments what]
  "Runs git on the repository, with the credential in its environment; raises when it says no, unless `what` is nil."
  (let [env {:GIT_DIR opts.git-dir :GIT_TERMINAL_PROMPT "0"}
        command [:git]]
    (when opts.auth-header
      (set env.GIT_CONFIG_COUNT "1")
      (set env.GIT_CONFIG_KEY_0 (.. "http." opts.url ".extraHeader"))
      (set env.GIT_CONFIG_VALUE_0 opts.auth-header))
    (each [_ argument (ipairs arguments)]
      (table.insert command argument))
    (let [result (runtime.sh command {: env})]
      (when (and what (not= 0 result.exit))
        (error (.. "mirror: " what ": " (reason-of result)) 0))
      result)))

(fn check-mirror [opts]
  (need opts :mirror [:url :sha :tag :git-dir] [:auth-header :refs :force])
  (when (string.match opts.url "^%-")
    (error "mirror: :url must not begin with a dash" 0))
  (let [http? (string.match opts.url "^https?://")]
    (when (and http? (string.match opts.url "^https?://[^/]*@"))
      (error "mirror: :url must have no credential in it; that belongs into :auth-header" 0))
    (when (or http? (not= nil opts.auth-header))
      (when (or (not= :string (type opts.auth-header)) (= "" opts.auth-header))
        (error "mirror: :auth-header is missing; it must be a string" 0))
      (when (string.match opts.auth-header "[\r\n]")
        (error "mirror: :auth-header must be one line" 0))))
  (each [_ name (ipairs [:refs :force])]
    (native.check-list (.. "mirror: :" name) (or (. opts name) []))
    (each [_ ref (ipairs (or (. opts name) []))]
      (when (not (and (= :string (type ref)) (string.match ref "^refs/[^%s:]+$")))
        (error (.. "mirror: :" name " takes whole names such as refs/heads/main, not '" (tostring ref) "'") 0)))))

(fn own-values [opts]
  "What each of the listed refs is in the repository; all of them must be there."
  (let [own {}
        arguments [:for-each-ref "--format=%(objectname) %(refname)" :--]]
    (each [_ ref (ipairs (or opts.refs []))]
      (table.insert arguments ref))
    (when (< 0 (length (or opts.refs [])))
      (let [listed (run-git opts arguments "the refs can't be read")]
        (each [value ref (string.gmatch listed.stdout "(%x+) ([^\n]+)")]
          (tset own ref value))))
    (each [_ ref (ipairs (or opts.refs []))]
      (when (not (. own ref))
        (error (.. "mirror: there is no " ref " in the repository; nothing was pushed") 0)))
    own))

(fn leases [opts targets]
  "--force-with-lease for the refs that may be overwritten: as long as they are what the remote has now."
  (let [arguments [:ls-remote :--end-of-options opts.url]
        remote {}
        result []]
    (each [_ ref (ipairs (or opts.force []))]
      (when (not (. targets ref))
        (error (.. "mirror: :force names " ref ", which is neither the tag nor among :refs") 0))
      (table.insert arguments ref))
    (when (< 0 (length (or opts.force [])))
      (let [listed (run-git opts arguments "the remote can't be read")]
        (each [value ref (string.gmatch listed.stdout "(%x+)\t([^\n]+)")]
          (tset remote ref value))))
    (each [_ ref (ipairs (or opts.force []))]
      (table.insert result (.. "--force-with-lease=" ref ":" (or (. remote ref) ""))))
    result))

(fn push [opts options specs]
  (let [arguments [:push :--porcelain]]
    (each [_ list (ipairs [options [:--end-of-options opts.url] specs])]
      (each [_ argument (ipairs list)]
        (table.insert arguments argument)))
    (run-git opts arguments)))

(fn explain-push [result atomic?]
  "What went and what did not, from the lines of --porcelain: a flag, source:target, a text."
  (let [went []
        refused []]
    (each [flag ref text (string.gmatch result.stdout "([ +*=!%-])\t[^\t\n]*:([^\t\n]+)\t([^\n]*)")]
      (if (not= flag "!") (table.insert went ref)
          (not (string.find text "atomic" 1 true)) (table.insert refused (.. ref " " text))))
    (.. (if (< 0 (length refused)) (table.concat refused ", ") (reason-of result))
        (if (or atomic? (= 0 (length went))) "; nothing was pushed"
            (.. "; pushed were " (table.concat went ", "))))))

(fn stdlib.mirror [opts]
  "Pushes a commit under a tag, and refs as they are in the repository, to a remote: all of them or none where the remote
can do that. The credential travels in the environment, never in argv."
  (check-mirror opts)
  (let [own (own-values opts)
        tag (.. "refs/tags/" opts.tag)
        targets {tag true}
        specs [(.. opts.sha ":" tag)]]
    (each [_ ref (ipairs (or opts.refs []))]
      (tset targets ref true)
      (table.insert specs (.. (. own ref) ":" ref)))
    (let [options (leases opts targets)]
      (table.insert options 1 :--atomic)
      (var result (push opts options specs))
      (let [atomic? (not (string.find result.stderr "does not support --atomic" 1 true))]
        (when (not atomic?)
          (table.remove options 1)
          (set result (push opts options specs)))
        (when (not= 0 result.exit)
          (error (.. "mirror: " (explain-push result atomic?)) 0))))
    {:tag opts.tag :pushed_refs (or opts.refs [])}))

(fn combinations [axes names at chosen result]
  (if (< (length names) at)
      (let [combination {}]
        (each [key value (pairs chosen)]
          (tset combination key value))
        (table.insert result combination))
      (let [name (. names at)]
        (each [_ value (ipairs (. axes name))]
          (tset chosen name value)
          (combinations axes names (+ at 1) chosen result))
        (tset chosen name nil)))
  result)

(fn stdlib.matrix [axes function]
  "Calls the function with every combination of the axes' values, in a stable order, and yields its results. At the top
level it registers a job for each; in a job, wrap the work in (runtime.parallel …) to do it side by side."
  (when (or (not= :table (type axes)) (not= :function (type function)))
    (error "matrix takes a table of lists and a function" 0))
  (let [names []]
    (each [name choices (pairs axes)]
      (native.check-list (.. "matrix: :" (tostring name)) choices)
      (table.insert names name))
    (table.sort names)
    (icollect [_ combination (ipairs (combinations axes names 1 {} []))]
      (function combination))))

(fn stdlib.cache [opts function]
  "Brings the paths back that were kept under the key, or calls the function and keeps them when it went well."
  (need opts :cache [:key] [:paths])
  (if (native.cache-restore opts.key opts.paths)
      {:hit true :exit 0}
      (let [result (function)]
        (when (and result (= 0 (or result.exit 0)))
          (native.cache-save opts.key opts.paths))
        result)))

(fn stdlib.artifact [...]
  "Keeps the files that match; several patterns are fine."
  (let [kept []]
    (each [_ pattern (ipairs [...])]
      (each [_ file (ipairs (runtime.artifact pattern))]
        (table.insert kept file)))
    kept))

(local headers-mark "\n--headers--\n")

(fn quote-value [text]
  "A value of curl's config format, in double quotes."
  (.. "\"" (pick-values 1 (-> text
                              (string.gsub "[\\\"]" "\\%0")
                              (string.gsub "\n" "\\n")
                              (string.gsub "\r" "\\r")
                              (string.gsub "\t" "\\t"))) "\""))

(fn curl-config [opts method body]
  (let [lines [(.. "url = " (quote-value opts.url))
               (.. "request = " (quote-value method))
               (.. "max-time = " (native.seconds "http: :timeout" (or opts.timeout 60)))
               "proto = \"=http,https\""
               "silent" "show-error" "globoff"
               (.. "write-out = " (quote-value (.. headers-mark "%{header_json}\n%{http_code}")))]
        names []]
    (each [name (pairs (or opts.headers {}))]
      (table.insert names name))
    (table.sort names)
    (each [_ name (ipairs names)]
      (let [header (.. name ": " (tostring (. opts.headers name)))]
        (when (string.match header "[\r\n]")
          (error (.. "http: the header " name " must be one line") 0))
        (table.insert lines (.. "header = " (quote-value header)))))
    (when body
      (table.insert lines (.. "data-binary = " (quote-value body))))
    (.. (table.concat lines "\n") "\n")))

(fn split-answer [text]
  "The body, and the headers that follow it: names in lower case to values. A curl before 7.83 tells none."
  (let [headers {}]
    (var at nil)
    (var next (string.find text headers-mark 1 true))
    (while next ; the last one is ours, whatever the body holds
      (set at next)
      (set next (string.find text headers-mark (+ next 1) true)))
    (if (not at)
        (values text headers)
        (let [(ok told) (pcall runtime.json-decode (string.sub text (+ at (length headers-mark))))]
          (each [name all (pairs (if (and ok (= :table (type told))) told {}))]
            (tset headers name (table.concat all ", ")))
          (values (string.sub text 1 (- at 1)) headers)))))

(fn stdlib.http [opts]
  "One request with curl. Its headers and body go through its standard input: no token shows in argv or a log.
Yields :status, :headers and :body; raises only when there was no answer at all. With :quiet the answer is not logged."
  (need opts :http [:url] [:method :headers :json :body :timeout :quiet])
  (when (not (string.match opts.url "^https?://"))
    (error "http: :url must begin with http:// or https://" 0))
  (let [headers {}
        body (if (not= nil opts.json) (runtime.json-encode opts.json) opts.body)
        method (or opts.method (if body :POST :GET))]
    (when (not (string.match method "^%u+$"))
      (error "http: :method must be upper-case letters" 0))
    (when (and body (string.match body "^@"))
      (error "http: a body can't begin with @" 0))
    (when (< 1000000 (length (or body "")))
      (error "http: a body has at most 1,000,000 bytes" 0))
    (each [name value (pairs (or opts.headers {}))]
      (tset headers name value))
    (when (and (not= nil opts.json) (not headers.Content-Type))
      (tset headers :Content-Type "application/json"))
    (let [config (curl-config {:url opts.url :timeout opts.timeout : headers} method body)
          result (runtime.sh [:curl :-q :--config :-]
                             {:stdin config :label (.. method " " opts.url) :quiet (= true opts.quiet)})
          (text status) (string.match result.stdout "^(.*)\n(%d%d%d)$")
          (body headers) (split-answer (or text ""))]
      (when result.truncated
        (error (.. "http: " method " " opts.url ": the answer is too long") 0))
      (when (or (not= 0 result.exit) (not status) (= "000" status))
        (error (.. "http: " method " " opts.url ": " (if (= 127 result.exit) "curl is not installed"
                                                        (last-line result.stderr))) 0))
      {:status (tonumber status) : headers : body :ok (not= nil (string.match status "^2"))})))

(native.sealed :quire.stdlib stdlib)
