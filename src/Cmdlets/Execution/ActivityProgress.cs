using System.Management.Automation;
using Container.Engine.Images;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Shows how far an import is. Only the pipeline's own thread may write, and a bar that moves more than ten times a
/// second costs more than it tells.
/// </summary>
internal sealed class ImportProgress(PSCmdlet cmdlet, string file) : IProgress<ImageProgress>, IDisposable
{
    private const int Interval = 100;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly int _activity = file.GetHashCode(StringComparison.Ordinal) & int.MaxValue;
    private long _last;
    private bool _shown;

    public void Report(ImageProgress value)
    {
        long now = Environment.TickCount64;
        if (Environment.CurrentManagedThreadId != _thread || now - _last < Interval) return;
        _last = now;
        _shown = true;
        ProgressRecord record = new(_activity, Messages.ActionImport, file)
        {
            PercentComplete = value.TotalBytes > 0 ? (int)Math.Min(100, 100 * value.Bytes / value.TotalBytes) : -1,
        };
        cmdlet.WriteProgress(record);
    }

    public void Dispose()
    {
        if (!_shown) return;
        cmdlet.WriteProgress(new ProgressRecord(_activity, Messages.ActionImport, file)
        {
            RecordType = ProgressRecordType.Completed,
        });
    }
}
