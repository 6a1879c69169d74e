@{
    ModuleVersion        = '0.1.0'
    RootModule           = 'artifacts/Container/Container.Cmdlets.dll'
    GUID                 = '6f0f4a0e-6f5d-4f0c-9a1c-3c5b0b7b5f0a'
    Author               = 'The Container maintainers'
    CompanyName          = 'The Container maintainers'
    Copyright            = '(c) The Container maintainers. MIT licence.'
    Description          = 'Containers on Linux as PowerShell objects: create, run, list, stop, remove. No daemon.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('artifacts/Container/Container.Types.ps1xml')
    FormatsToProcess     = @('artifacts/Container/Container.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Connect-Container'
        'ConvertTo-ContainerImage'
        'Enter-Container'
        'Export-ContainerVolume'
        'Get-Container'
        'Get-ContainerHost'
        'Get-ContainerHostFeature'
        'Get-ContainerImage'
        'Get-ContainerLog'
        'Get-ContainerProcess'
        'Get-ContainerVolume'
        'Import-ContainerImage'
        'Import-ContainerVolume'
        'Invoke-ContainerCommand'
        'Invoke-ContainerImage'
        'Measure-Container'
        'New-Container'
        'New-ContainerConfiguration'
        'New-ContainerMount'
        'New-ContainerVolume'
        'Remove-Container'
        'Remove-ContainerImage'
        'Remove-ContainerVolume'
        'Restart-Container'
        'Resume-Container'
        'Send-ContainerSignal'
        'Start-Container'
        'Start-ContainerProcess'
        'Stop-Container'
        'Stop-ContainerProcess'
        'Suspend-Container'
        'Test-Container'
        'Test-ContainerHost'
        'Test-ContainerImage'
        'Test-ContainerVolume'
        'Use-Container'
        'Wait-Container'
        'Wait-ContainerProcess'
    )
    AliasesToExport      = @(
        'etctr'
        'gctr'
        'gctri'
        'gctrv'
        'ictr'
        'ictri'
        'ipctri'
        'nctr'
        'rctr'
        'rctri'
        'rtctr'
        'sactr'
        'spctr'
        'wctr'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('Linux', 'PSEdition_Core', 'Container', 'OCI', 'Docker', 'Podman', 'Namespace', 'Cgroup')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
