@echo off
rem Starts bmr. Finds a JDK 25 and builds the jar on first use. See also the script `bmr`.
setlocal enabledelayedexpansion
set "home=%~dp0"
set "jar=%home%target\bmr.jar"
set "jdk="

call :try "%JAVA_HOME%"
for /d %%d in (
  "%ProgramFiles%\Eclipse Adoptium\jdk-25*"
  "%ProgramFiles%\Java\jdk-25*"
  "%ProgramFiles%\Microsoft\jdk-25*"
  "%ProgramFiles%\Zulu\zulu-25*"
  "%ProgramFiles%\Amazon Corretto\jdk25*"
  "%LOCALAPPDATA%\Programs\Eclipse Adoptium\jdk-25*"
  "%USERPROFILE%\.jdks\*"
  "%USERPROFILE%\scoop\apps\temurin25-jdk\current"
) do call :try "%%~d"
for %%j in (java.exe) do if not "%%~$PATH:j"=="" call :try "%%~dp$PATH:j.."

if not defined jdk (
  echo bmr needs a JDK 25, and there is none in JAVA_HOME, in the usual folders or on the PATH.>&2
  echo Install one with: winget install EclipseAdoptium.Temurin.25.JDK>&2
  echo or by hand from https://adoptium.net; then set JAVA_HOME to its folder.>&2
  exit /b 1
)

if not exist "%jar%" (
  where mvn >nul 2>nul
  if errorlevel 1 (
    echo bmr must be built once, and that takes Maven 3.8.7 or later: https://maven.apache.org>&2
    exit /b 1
  )
  echo Building bmr on first use; this takes a moment ...>&2
  pushd "%home%"
  set "JAVA_HOME=%jdk%"
  call mvn -q -B -Dquick -Dmaven.test.skip package 1>&2
  set "failed=!errorlevel!"
  popd
  if not "!failed!"=="0" (
    echo The build failed; what Maven said stands above.>&2
    exit /b 1
  )
)

rem Comparing gains from the vector module; merging is as fast without it and starts faster.
set "options=-XX:TieredStopAtLevel=1 -Xmx512m"
for %%c in (run demo sample) do if "%~1"=="%%c" set "options=-Xmx400m"
if "%~1"=="compare" set "options=--add-modules=jdk.incubator.vector -Xmx400m"
setlocal disabledelayedexpansion
"%jdk%\bin\java.exe" -Xlog:disable -Xlog:all=error:stderr -XX:+UseSerialGC -Xss4m %options% %BMR_JAVA_OPTIONS% -jar "%jar%" %*
exit /b %errorlevel%

:try
if defined jdk exit /b
if not exist "%~1\bin\java.exe" exit /b
if not exist "%~1\release" exit /b
findstr /b /r /c:"JAVA_VERSION=.25[.\"]" "%~1\release" >nul && set "jdk=%~f1"
exit /b
