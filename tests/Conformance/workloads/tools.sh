# Tool chains: what builds, runs and is debugged.

case_apt() {
    not_in hardened user
    [ -z "${WORKLOADS_ROOT:-}" ] || return 77
    once tools -- sh -c 'apt-get -qq -y --no-install-recommends --no-download install git vim >/dev/null &&
        git init -q /tmp/r && vim --version >/dev/null && [ -z "$(dpkg --audit)" ]'
}

case_java() {
    needs javac java
    cat >"$place/shared/Sum.java" <<'END'
import java.util.stream.*;
public class Sum {
    public static void main(String[] a) throws Exception {
        var thread = new Thread(() -> System.out.println(LongStream.rangeClosed(1, 1000000).parallel().sum()));
        thread.start();
        thread.join();
    }
}
END
    [ "$(once tools --volume="$place/shared:/shared:ro" -- sh -c 'cd /tmp && javac -d . /shared/Sum.java && java Sum')" = 500000500000 ]
}

case_node() {
    needs node
    [ "$(once tools -- node -e '
        const http = require("http"), fs = require("fs");
        fs.writeFileSync("/tmp/f", "of a file");
        const server = http.createServer((q, r) => r.end(fs.readFileSync("/tmp/f"))).listen(0, "127.0.0.1", () =>
            http.get({ host: "127.0.0.1", port: server.address().port, agent: false },
                r => r.on("data", d => { console.log(`${d}`); server.close(); })));')" = 'of a file' ]
}

case_go() {
    needs go
    printf 'package main\nimport "fmt"\nfunc main() {\n c := make(chan int)\n go func() { c <- 42 }()\n fmt.Println(<-c)\n}\n' \
        >"$place/shared/main.go"
    [ "$(once tools --volume="$place/shared:/shared:ro" --env=GOCACHE=/tmp/cache -- \
        sh -c 'cd /tmp && go build -o answer /shared/main.go && ./answer')" = 42 ]
}

# The SDK is the host's: Debian's feed has none.
case_dotnet() {
    local sdk
    sdk=$(dirname "$(readlink -f "$(command -v dotnet)")") && [ -d "$sdk/sdk" ] && [ -z "${WORKLOADS_ROOT:-}" ] || return 77
    cat >"$place/shared/a.cs" <<'END'
using System; using System.Linq; using System.Threading.Tasks;
Console.WriteLine((await Task.WhenAll(Enumerable.Range(1, 9).Select(n => Task.Run(() => n)))).Sum());
END
    [ "$(once tools --volume="$sdk:/sdk:ro" --volume="$place/shared:/shared:ro" --env=DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 -- sh -c '
        export HOME=/tmp DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
        cd /tmp && /sdk/dotnet /sdk/sdk/*/Roslyn/bincore/csc.dll -nologo -out:a.dll /shared/a.cs \
            $(ls /sdk/shared/Microsoft.NETCore.App/*/System*.dll | grep -v Native | sed s/^/-r:/) &&
            cp /sdk/sdk/*/dotnet.runtimeconfig.json a.runtimeconfig.json && /sdk/dotnet a.dll')" = 45 ]
}

case_python() {
    needs python3
    [ "$(once tools -- python3 -c '
import asyncio, multiprocessing, sqlite3, tempfile
async def job(n):
    process = await asyncio.create_subprocess_exec("sh", "-c", f"echo {n}", stdout=asyncio.subprocess.PIPE)
    return int((await process.communicate())[0])
async def every(): return sum(await asyncio.gather(*[job(n) for n in range(20)]))
print(asyncio.run(every()))
with multiprocessing.Pool(2) as pool: print(sum(pool.map(abs, range(-100, 0))))
with sqlite3.connect(tempfile.mktemp()) as c: c.execute("create table t (n)"); print(c.execute("select 1").fetchone()[0])
' | tr '\n' ' ')" = '190 5050 1 ' ]
}

readonly source='#include <stdio.h>
#include <stdlib.h>
int twice(int n) { return 2 * n; }
int main(int c, char **v) { printf("%d\n", twice(atoi(v[1]))); return 3; }'

case_gcc() {
    needs gcc
    echo "$source" >"$place/shared/a.c"
    [ "$(once tools --tmpfs=/tmp:exec --volume="$place/shared:/shared:ro" -- \
        sh -c 'cd /tmp && gcc -O2 -o a /shared/a.c && ./a 21; echo $?' | tr '\n' ' ')" = '42 3 ' ]
}

case_gdb() {
    needs gcc gdb
    echo "$source" >"$place/shared/a.c"
    once tools --tmpfs=/tmp:exec --volume="$place/shared:/shared:ro" -- sh -c 'cd /tmp && gcc -g -o a /shared/a.c &&
        gdb -q -batch -ex "break twice" -ex "run 21" -ex "backtrace" -ex "print n" -ex "continue" ./a' >"$work/said"
    grep -q 'main (.*' "$work/said" && grep -q '= 21' "$work/said" && grep -q 'exited with code 03' "$work/said" ||
        { cat "$work/said"; return 1; }
}

# What probes for io_uring gets it, or is told that this kernel has none and falls back.
case_io_uring() {
    needs python3
    once tools -- python3 -c '
import ctypes, errno, sys
libc = ctypes.CDLL(None, use_errno=True)
result = libc.syscall(425, 8, ctypes.create_string_buffer(120))
sys.exit(0 if result >= 0 or ctypes.get_errno() == errno.ENOSYS else ctypes.get_errno())'
}
