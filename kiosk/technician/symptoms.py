"""Every symptom that a test can find: how bad it is, what it means, what to do, and what still works meanwhile.

The one source of these words: screen, shell, slip and the technician's guide all take them from here. Sentences are
Simplified Chinese for `wording.say`.
"""

import msgspec

from kiosk.ports import Condition
from kiosk.technician.findings import Finding, Grade


class Symptom(msgspec.Struct, frozen=True):
    """`works` is empty where nothing stops."""

    grade: Grade
    means: str
    do: str
    works: str = ""


_S, _A, _U, _N = Grade.SEVERE, Grade.ATTENTION, Grade.UNKNOWN, Grade.UNSUPPORTED

_NO_SLIPS = "查指南和取号照常，号码和二维码留在屏幕上"
_NO_CENTER = "查指南、取号和打印照常，记录留在本机，接通后自动送出"
_NOTHING = "站点不能启动"
_NO_NUMBERS = "查指南照常，不能取号"

SYMPTOMS: dict[str, Symptom] = {
    "settings-wrong": Symptom(_S, "设置文件有错", "运行 kiosk run --check，按提示改好再启动", _NOTHING),
    "state-none": Symptom(_A, "还没有本机记录文件夹", "启动一次站点就会建立；位置不对时用 --state 指定"),
    "state-foreign": Symptom(_U, "本机记录文件夹属于另一个用户", "用站点的用户来运行"),
    "printer-paper-low": Symptom(_A, "打印纸快用完了", "准备好新的纸卷"),
    "printer-paper-out": Symptom(_S, "打印机缺纸", "换上新的纸卷，合上盖子", _NO_SLIPS),
    "printer-cover-open": Symptom(_S, "打印机盖子开着", "合上盖子", _NO_SLIPS),
    "printer-cutter": Symptom(_S, "打印机切刀卡住", "关掉打印机，取出卡住的纸，再打开", _NO_SLIPS),
    "printer-error": Symptom(_S, "打印机报告故障", "等它冷却，或关掉再打开", _NO_SLIPS),
    "printer-offline": Symptom(_S, "打印机没有就绪", "看走纸键是否按住，再关掉打开", _NO_SLIPS),
    "printer-no-answer": Symptom(
        _S, "打印机没有回应", "核对电源、线缆和速率；kiosk printer probe 能找出速率", _NO_SLIPS
    ),
    "printer-noise": Symptom(_S, "打印机回答的是乱码", "速率不对或线缆不好；kiosk printer probe 能找出速率", _NO_SLIPS),
    "printer-no-port": Symptom(
        _S, "打印机的串口不能用", "核对线缆和 printer.port；kiosk printer status 说明原因", _NO_SLIPS
    ),
    "printer-not-configured": Symptom(_N, "这台机器没有打印机", "要接打印机时填写 printer.port"),
    "printer-unsupported": Symptom(_N, "这种打印机不报告状态", "用 kiosk printer test 打一页来看"),
    "printer-unknown": Symptom(_U, "打印机只回答了一部分", "核对线缆，关掉再打开"),
    "proof-none": Symptom(_A, "打印机不能证实打印", "运行 kiosk printer probe；仍不能时，小票记为不确定"),
    "slips-waiting": Symptom(_A, "有小票没有打出来", "打印机修好后凭码补打，或写明原因放弃"),
    "roll-low": Symptom(_A, "纸卷所剩不多", "在用完以前换纸，并登记新纸卷的长度"),
    "roll-unknown": Symptom(_U, "不知道纸卷还剩多少", "换纸时登记纸卷的长度"),
    "scanner-no-port": Symptom(_S, "扫码器的串口不能用", "核对线缆和 scanner.port", "凭证码可以用键盘输入"),
    "scanner-not-configured": Symptom(_N, "这台机器没有扫码器", "要接扫码器时填写 scanner.port"),
    "device-not-asked": Symptom(_U, "站点正在使用，没有再问", "看站点的屏幕，或停掉站点再测"),
    "sound-none": Symptom(_N, "这台机器没有语音", "不需要处理"),
    "clock-behind": Symptom(
        _S, "时钟比已知的时间还早", "校准系统时钟；接通中心后会自动改正", "照常取号，小票写「日期以大厅公告为准」"
    ),
    "clock-drift": Symptom(_A, "时钟和中心不一致", "校准系统时钟，打开自动对时"),
    "clock-wrong": Symptom(_S, "时钟和中心差得太多", "校准系统时钟，打开自动对时", "照常取号，站点以中心的时间为准"),
    "clock-uncompared": Symptom(_U, "时钟没有和中心比对", "先接通中心"),
    "clock-alone": Symptom(_N, "没有中心可以比对时钟", "打开系统的自动对时"),
    "disk-low": Symptom(_A, "磁盘空间不多了", "清出空间"),
    "disk-full": Symptom(_S, "磁盘满了", "清出空间；已取的号码不会丢", _NO_NUMBERS),
    "disk-readonly": Symptom(_S, "磁盘不能写入", "检查磁盘，重新挂载为可写", _NO_NUMBERS),
    "disk-fails": Symptom(_S, "磁盘读写出错", "备份记录文件夹，更换磁盘", _NO_NUMBERS),
    "disk-slow": Symptom(_A, "磁盘写入很慢", "检查磁盘是否快要损坏"),
    "database-none": Symptom(_A, "还没有本机记录", "启动一次站点就会建立"),
    "database-damaged": Symptom(
        _S, "本机记录损坏", "重新启动站点，或运行 kiosk journal recover；损坏的文件会保留", _NO_NUMBERS
    ),
    "database-newer": Symptom(_S, "本机记录由新版程序写成", "换回新版程序，不要删除记录", _NOTHING),
    "database-unreadable": Symptom(_S, "本机记录不能读取", "核对文件夹的属主和权限，检查磁盘", _NO_NUMBERS),
    "database-not-read": Symptom(_U, "本机记录读不了，没有测到", "先处理本机记录"),
    "chain-broken": Symptom(
        _S, "本机记录前后不符", "运行 kiosk journal verify 看是哪一条，保留现场，报告中心", "查指南、取号和打印照常"
    ),
    "backlog-old": Symptom(
        _A, "有记录很久没有送到中心", "检查线路；也可以用 kiosk journal export --bundle 带去", _NO_CENTER
    ),
    "center-none": Symptom(_N, "没有设置中心", "要接入时填写 center.url"),
    "center-not-enrolled": Symptom(_A, "还没有在中心登记", "向中心要登记码，运行 kiosk enroll", _NO_CENTER),
    "line-name": Symptom(_A, "找不到中心的地址", "检查网络和域名服务，核对 center.url", _NO_CENTER),
    "line-route": Symptom(_A, "连不到中心", "检查网络、防火墙，问中心是否在运行", _NO_CENTER),
    "line-foreign": Symptom(
        _A, "对方不是我们的中心", "检查网络是否要先登录，核对 center.url；中心换了证书就重新登记", _NO_CENTER
    ),
    "line-timeout": Symptom(_A, "中心没有及时回答", "检查网络，问中心是否繁忙", _NO_CENTER),
    "line-cut-off": Symptom(_A, "和中心的连接中断", "检查网络，过一会再试", _NO_CENTER),
    "line-not-reached": Symptom(_U, "前一步没有通过，没有测到", "先处理前一步"),
    "line-untried": Symptom(_U, "还没有和中心交换过", "等一分钟再看"),
    "center-fails": Symptom(_A, "中心出错", "报告中心", _NO_CENTER),
    "center-busy": Symptom(_A, "中心繁忙", "等一会，站点会自动再试", _NO_CENTER),
    "key-revoked": Symptom(_S, "中心已经停用这台站点的密钥", "问清原因，再向中心要登记码，重新登记", _NO_CENTER),
    "key-unknown": Symptom(_S, "中心不认识这台站点", "核对站点编号，向中心要登记码，重新登记", _NO_CENTER),
    "key-signature": Symptom(_S, "中心不认这台站点的签名", "密钥换过或站点编号重复；核对编号，重新登记", _NO_CENTER),
    "center-differs": Symptom(_S, "中心的记录和本机不同", "保留现场，报告中心；磁盘可能是复制的", _NO_CENTER),
    "center-refuses": Symptom(_S, "中心不接受这台站点的请求", "核对两边的程序版本，报告中心", _NO_CENTER),
    "key-none": Symptom(_A, "还没有本机密钥", "启动一次站点就会生成"),
    "key-open": Symptom(_S, "别人也能读到密钥", "运行 chmod 600，只留给站点的用户", "小票上没有可核验的二维码"),
    "key-damaged": Symptom(_S, "密钥文件损坏", "从备份放回 keys 文件夹", _NO_NUMBERS),
    "trust-damaged": Symptom(_S, "中心的密钥文件损坏", "向中心要登记码，重新登记", _NO_CENTER),
    "trust-other": Symptom(_S, "登记的是另一个站点编号", "改回原来的编号，或重新登记", _NO_CENTER),
    "certificate-ending": Symptom(_A, "中心的证书快要到期", "请中心更换证书，然后重新登记"),
    "catalog-unreadable": Symptom(_S, "办事目录不能读取", "重新安装程序，或运行 make release", _NOTHING),
    "catalog-waiting": Symptom(_A, "中心有新的目录还没有装上", "看 log/kiosk.log，报告中心"),
    "technician-none": Symptom(_A, "还没有技术员密码", "运行 kiosk set-pin 设一个"),
    "technician-locked": Symptom(_A, "技术员密码连续输错，暂时锁住", "等锁定时间过去；不是自己人输的就报告"),
    "technician-unreadable": Symptom(_A, "技术员密码文件不能用", "按提示改权限，或删掉后重新设置"),
    "hot": Symptom(_A, "机器偏热", "清理风扇和通风口"),
    "too-hot": Symptom(_S, "机器过热", "马上检查风扇，必要时关机冷却", "随时可能自动关机"),
    "temperature-none": Symptom(_N, "系统不报告温度", "不需要处理"),
    "person-not-asked": Symptom(_U, "还没有人看过", "在屏幕上的测试里看一看"),
    "person-says-no": Symptom(_A, "看的人说不正常", "对照这一项的说明处理，修好再测"),
    "display-unmeasured": Symptom(_U, "没有量过屏幕上字的大小", "量出大写字母 H 的高度，填写 display.capital_mm"),
    "display-small": Symptom(_A, "屏幕上的字太小", "把终端的字号调大；大写字母 H 的视角要有 0.7 度"),
    "touch-untouched": Symptom(_U, "启动以后还没有人触摸过", "在检修里做触摸测试"),
    "metrics-port": Symptom(_A, "监控端口打不开", "换一个 metrics.port，或停掉占用它的程序"),
    "test-timeout": Symptom(_U, "测试没有按时结束", "再测一次；还是这样就检查这个部件"),
    "test-failed": Symptom(_U, "测试本身出错", "把这一行报告给开发者"),
}

GRADES = {
    Grade.OK: "正常",
    Grade.ATTENTION: "注意",
    Grade.SEVERE: "严重",
    Grade.UNKNOWN: "不明",
    Grade.UNSUPPORTED: "不适用",
}
"""A word for each grade."""

OF_CONDITION: dict[Condition, str] = {
    condition: f"printer-{condition}" for condition in Condition if condition is not Condition.READY
}
"""The symptom of each condition of a printer."""


def found(test: str, symptom: str = "", value: str = "") -> Finding:
    """Return the finding of `test` with `symptom`, whose grade it has; with none all is well."""
    return Finding(test, SYMPTOMS[symptom].grade if symptom else Grade.OK, symptom, value)
