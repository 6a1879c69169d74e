using System.Globalization;
using System.Text;
using Container.Native.Json;
using Container.Native.Syscalls;
using Container.Native.Trust;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun list</c></summary>
internal sealed class ListCommand : Command
{
    public override string Name => "list";

    public override string Summary => "list the containers below --root";

    public override string Operands => "";

    public override Option[] Options =>
    [
        new("quiet", "print ids only", 'q'),
        new("format", "table or json", 'f', "FORMAT"),
    ];

    public override int LeastOperands => 0;

    public override int MostOperands => 0;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        string format = arguments.Value("format") ?? "table";
        if (format is not ("table" or "json")) throw new UsageException($"--format: '{format}' is not table or json");
        List<string> ids = ContainerList.Find(global);
        if (arguments.Flag("quiet"))
        {
            StringBuilder lines = new();
            foreach (string id in ids) lines.Append(id).Append('\n');
            Output.Write(lines.ToString());
            return 0;
        }

        List<ContainerReport> reports = [];
        foreach (string id in ids)
        {
            if (TryReport(global, id) is { } report) reports.Add(report);
        }

        if (format == "table") WriteTable(reports);
        else Output.Write([.. JsonSink.Document<ContainerReport>(reports, indented: false), (byte)'\n']);
        return 0;
    }

    private static ContainerReport? TryReport(GlobalOptions global, string id)
    {
        try
        {
            // Null: deleted since the directory was read.
            return ContainerDirectory.TryOpen(global.Root, id) is { } directory ? new ContainerReport(directory) : null;
        }
        catch (Exception failure) when (failure is RuntimeException or SystemCallException or UntrustedPathException)
        {
            global.Log.Warn(failure.Message);
            return null;
        }
    }

    private static void WriteTable(List<ContainerReport> reports)
    {
        List<string[]> rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]];
        foreach (ContainerReport report in reports)
        {
            rows.Add(
            [
                report.Id,
                report.Pid.ToString(CultureInfo.InvariantCulture),
                StatusText.Of(report.Status),
                report.Bundle,
                report.Created?.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture) ?? "",
                report.Owner,
            ]);
        }

        // As runc: columns of at least 12 characters, three spaces apart.
        int[] widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], Math.Max(12, row[i].Length + 3));
        }

        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length - 1; i++) text.Append(row[i].PadRight(widths[i]));
            text.Append(row[^1]).Append('\n');
        }

        Output.Write(text.ToString());
    }
}
