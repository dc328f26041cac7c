; Catch: a ball falls, a paddle catches it. An original game for the Atari 2600, in 2 kilobytes.
;
; Joystick left and right move the paddle. A caught ball scores 1, a missed one costs one of three
; lives; without lives the picture turns grey until RESET. Every fourth catch makes balls faster.

; TIA
vsync = $00
vblank = $01
wsync = $02
nusiz0 = $04
colup0 = $06
colupf = $08
colubk = $09
ctrlpf = $0a
resp0 = $10
grp0 = $1b
enabl = $1f
hmp0 = $20
hmove = $2a
; RIOT
swcha = $280
swchb = $282
intim = $284
tim64t = $296
; RAM
score = $80     ; binary-coded decimal
lives = $81
ball_x = $82
ball_y = $83    ; line of the ball's lower edge, counted from the bottom
paddle_x = $84
random = $85
playing = $86   ; 0 once the game is over
clock = $87
speed = $88     ; lines that the ball falls in a frame
next_ball = $89 ; what the next line shows
next_paddle = $8a

start:
  sei
  cld
  ldx #0
  txa
clear:          ; stack, RAM and TIA
  dex
  txs
  pha
  bne clear
  lda #$07      ; a paddle four times as wide
  sta nusiz0
  lda #$30      ; a ball eight pixels wide
  sta ctrlpf
  lda #$1e
  sta colup0
  lda #$46
  sta colupf
  jsr new_game

frame:
  lda #2
  sta wsync
  sta vsync
  sta wsync
  sta wsync
  sta wsync
  lda #0
  sta vsync
  lda #2
  sta vblank
  lda #43       ; 43 · 64 cycles: 36 lines and a bit
  sta tim64t
  inc clock
  lda swchb
  lsr a
  bcs no_reset
  jsr new_game
no_reset:
  lda playing
  beq draw
  jsr play

draw:
  lda #0
  ldx playing
  bne is_black
  lda #4
is_black:
  sta colubk
  lda paddle_x
  ldx #0
  jsr place
  lda ball_x
  ldx #4
  jsr place
  sta wsync
  sta hmove
wait:
  lda intim
  bne wait
  sta wsync
  sta vblank    ; the accumulator is 0

  ldx #192
line:
  sta wsync
  lda next_ball
  sta enabl
  lda next_paddle
  sta grp0
  txa
  sec
  sbc ball_y
  cmp #8
  lda #0
  bcs no_ball
  lda #2
no_ball:
  sta next_ball
  lda #0
  cpx #13
  bcs no_paddle
  cpx #5
  bcc no_paddle
  lda #$ff
no_paddle:
  sta next_paddle
  dex
  bne line

  lda #2
  sta wsync
  sta vblank
  ldx #29
below:
  sta wsync
  dex
  bne below
  jmp frame

; Places object x (0 paddle, 4 ball) at the accumulator's column: one pass of the loop is 15 pixels.
place:
  sec
  sta wsync
fifteen:
  sbc #15
  bcs fifteen
  eor #7
  asl a
  asl a
  asl a
  asl a
  sta hmp0,x
  sta resp0,x
  rts

new_game:
  lda #0
  sta score
  lda #3
  sta lives
  sta speed
  lda #1
  sta playing
  lda #64
  sta paddle_x
  jmp new_ball

play:
  bit swcha
  bmi not_right
  lda paddle_x
  cmp #124
  bcs not_right
  adc #3        ; the carry is clear
  sta paddle_x
not_right:
  bit swcha
  bvs not_left
  lda paddle_x
  cmp #3
  bcc not_left
  sbc #3        ; the carry is set
  sta paddle_x
not_left:
  lda ball_y
  sec
  sbc speed
  sta ball_y
  cmp #12
  bcs still_falling
  lda ball_x    ; caught where 0 ≤ ball + 7 − paddle < 39
  clc
  adc #7
  sec
  sbc paddle_x
  cmp #39
  bcs missed
  sed
  clc
  lda score
  adc #1
  sta score
  cld
  and #3
  bne new_ball
  lda speed
  cmp #9
  bcs new_ball
  inc speed
  jmp new_ball
missed:
  dec lives
  bne new_ball
  lda #0
  sta playing
new_ball:
  lda random    ; a shift register, stirred by the frames that have passed
  lsr a
  bcc no_tap
  eor #$b4
no_tap:
  eor clock
  bne is_random
  lda #$5a
is_random:
  sta random
  and #$7f
  clc
  adc #8
  sta ball_x
  lda #184
  sta ball_y
still_falling:
  rts
