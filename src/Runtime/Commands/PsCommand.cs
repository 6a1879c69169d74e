using System.Globalization;
using System.Text;
using Container.Native.Cgroups;
using Container.Native.Programs;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun ps ID [options of ps]</c></summary>
internal sealed class PsCommand : Command
{
    public override string Name => "ps";

    public override string Summary => "list the processes of a container";

    public override string Operands => "<container-id> [ps options]";

    public override Option[] Options => [new("format", "table or json: pids of the host", 'f', "FORMAT")];

    public override int MostOperands => int.MaxValue;

    public override int OperandsBeforeEnd => 1;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        string format = arguments.Value("format") ?? "table";
        if (format is not ("table" or "json")) throw new UsageException($"--format: '{format}' is not table or json");
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        using CgroupManager? cgroup = directory.OpenCgroup();
        bool hasCgroup = cgroup is { Exists: true };
        if (!hasCgroup && directory.State.FindProcess() is not null)
            throw new RuntimeException($"container '{directory.Id}' has no cgroup to list the processes of");
        IReadOnlyList<int> pids = hasCgroup ? cgroup!.GetProcesses() : [];
        if (format == "json") Output.Write($"[{string.Join(',', pids)}]\n");
        else WriteTable(pids, arguments.Operands);
        return 0;
    }

    /// <summary>Has ps of the host list everything, and keeps the lines of the container.</summary>
    private static void WriteTable(IReadOnlyList<int> pids, IReadOnlyList<string> operands)
    {
        List<string> command = ["ps"];
        for (int i = 1; i < operands.Count; i++) command.Add(operands[i]);
        if (command.Count == 1) command.Add("-ef");
        string path = "PATH=" + (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin");
        ProgramResult result = new HostProgram().Run("ps", command, [path], []);
        if (result.Status?.Code != 0) throw new RuntimeException($"ps: {result.Output.Trim()}");
        string[] lines = result.Output.Split('\n');
        int column = Array.IndexOf(Fields(lines[0]), "PID");
        if (column < 0) throw new RuntimeException("the output of ps has no column PID");

        StringBuilder text = new(lines[0] + "\n");
        HashSet<string> wanted = [];
        foreach (int pid in pids) wanted.Add(pid.ToString(CultureInfo.InvariantCulture));
        foreach (string line in lines.AsSpan(1))
        {
            string[] fields = Fields(line);
            if (fields.Length > column && wanted.Contains(fields[column])) text.Append(line).Append('\n');
        }

        Output.Write(text.ToString());
    }

    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
